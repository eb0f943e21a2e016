/**
 * Bundled into a file of its own, `dist/undici.js`, and loaded at the first request. The agent alone, past undici's front door:
 * the whole package takes twice the time to load.
 */
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
