export { DirectoryAccount } from './account';
export { type AccountSource, Directory } from './directory';
export { primaryEmail, userName } from './display';
export {
  AccountNotConnectedError,
  AccountUnusableError,
  LoadingCancelledError,
  type Unusable,
  UserNotFoundError,
} from './errors';
export { type Coverage, isWholeList } from './list/resourceList';
export { DirectoryProvider, DirectoryUser, type FoundUser, type LocalMatch } from './provider';
export { productName, providerName } from './providerName';
export type { ProvisioningHistory } from './provisioningHistory';
export {
  accountPath,
  documentScheme,
  historyPath,
  type HistoryReference,
  identityProviderPath,
  type IdentityProviderReference,
  isDocumentUri,
  isSameId,
  parseUserUri,
  parseHistoryUri,
  parseProviderUri,
  scimUserPath,
  type ScimUserReference,
} from './reference';
