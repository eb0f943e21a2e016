/**
 * Libraries that only a request needs, bundled into a file of their own, `dist/network.js`, and loaded at the first one. Of undici the
 * agent alone, past its front door: the whole package takes twice the time to load.
 */
export { parseList } from 'structured-headers';
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
