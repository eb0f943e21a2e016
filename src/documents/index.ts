export { registerDocuments } from './register';
