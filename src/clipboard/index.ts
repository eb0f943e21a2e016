export { copyUserId } from './copy';
export { insertUserIdHere } from './insert';
export { registerClipboard } from './register';
