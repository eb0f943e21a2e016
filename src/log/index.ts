export { RequestLog } from './requestLog';
