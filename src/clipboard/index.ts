export { copyResourceId } from './copy';
export { insertIdHere } from './insert';
export { registerClipboard } from './register';
