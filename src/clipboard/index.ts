export { copyUserId, registerClipboard } from './copy';
export { insertUserIdHere } from './insert';
