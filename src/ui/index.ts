export { chosenProviders } from './chooseProvider';
export { ContextKey } from './contextKey';
export { documentTitle, historyTitle, historyUri, providerUri, userUri } from './documentUri';
export {
  explain,
  ExplainedError,
  explainInOne,
  type Explanation,
  failureOf,
  needsConnecting,
  withApiMessage,
} from './explain';
export { confirm, notifyOfError } from './notify';
export { RateLimitWait } from './rateLimitWait';
export { registerCommand } from './registerCommand';
export {
  documentTarget,
  identityProviderTargets,
  knownUser,
  requested,
  selectedUsers,
  type Selection,
  targetUser,
  toUserTarget,
  userReference,
  type UserTarget,
  userTargets,
} from './targets';
