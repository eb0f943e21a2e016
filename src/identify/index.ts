export { registerIdentify } from './register';
