/**
 * What only a request needs, bundled into a file of its own, `dist/network.js`, and loaded at the first one. Of undici the agent alone,
 * past its front door: the whole package takes twice the time to load. No class of it may be in another file.
 */
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { networkFailure } from './networkProblem';
export { Pacing } from './pacing';
export { withoutSecret } from './withoutSecret';
