export { chosenProviders } from './chooseProvider';
export { ContextKey } from './contextKey';
export { documentTitle, historyTitle, historyUri, providerUri, scimUri } from './documentUri';
export { explain, ExplainedError, explainInOne, type Explanation, needsConnecting, withApiMessage } from './explain';
export { countWords, groupIcon } from './kinds';
export { confirm, notifyOfError } from './notify';
export { RateLimitWait } from './rateLimitWait';
export { registerCommand } from './registerCommand';
export {
  documentTarget,
  groupTargets,
  idOf,
  identityProviderTargets,
  kindOfAll,
  knownResource,
  requested,
  type ResourceTarget,
  resourceTargets,
  resourceText,
  selectedResources,
  type Selection,
  targetKind,
  targetReference,
  targetResource,
  toResourceTarget,
  userTargets,
} from './targets';
