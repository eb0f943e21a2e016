export { loadAll } from './loadAllCommand';
export { registerExplorer } from './providersView';
