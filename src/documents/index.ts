export { closeTabsOf } from './closeTabs';
export { registerOpenUser, showUser } from './openUser';
export { registerSymbols } from './registerSymbols';
export { registerSaveAs } from './saveAs';
export { UserDocuments } from './userDocuments';
