export { registerLog } from './requestLog';
