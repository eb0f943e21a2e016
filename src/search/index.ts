export { registerSearchCommands, searchOpener } from './commands';
export { SearchHistory } from './history';
export type { UserActions } from './prompt';
