export { registerCommand } from './commands';
export { documentTitle, documentUri } from './documentUri';
export {
  identityProviderTargets,
  knownUser,
  requested,
  type Selection,
  targetUser,
  toUserTarget,
  userReference,
  type UserTarget,
  userTargets,
} from './targets';
