export { registerExport } from './register';
