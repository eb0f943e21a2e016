export { copyUserId, registerCopyCommands } from './copy';
export { insertionPlace, insertUserId } from './insert';
