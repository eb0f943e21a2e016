export { loadAll, registerLoadAll } from './loadAllCommand';
export { ProvidersView } from './providersView';
