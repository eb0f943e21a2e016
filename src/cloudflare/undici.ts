/** Bundled into a file of its own, `dist/undici.js`, and loaded at the first request: undici costs more than all the rest. */
export { Agent } from 'undici';
