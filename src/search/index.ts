export { registerSearch } from './commands';
export type { FoundActions } from './prompt';
