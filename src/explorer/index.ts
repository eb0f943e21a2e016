export { loadAll } from './loadAllCommand';
export { registerOpenSettings } from './openSettings';
export { registerExplorer } from './providersView';
export { registerReveal } from './reveal';
