export { registerSearch } from './commands';
export type { UserActions } from './prompt';
