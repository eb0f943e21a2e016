export { DirectoryAccount } from './account';
export { type AccountSource, Directory } from './directory';
export { primaryEmail, resourceName } from './display';
export {
  AccountNotConnectedError,
  AccountUnusableError,
  LoadingCancelledError,
  type Unusable,
  ResourceNotFoundError,
} from './errors';
export { type Coverage, isWholeList } from './list/resourceList';
export {
  DirectoryGroup,
  DirectoryProvider,
  type DirectoryResource,
  DirectoryUser,
  type FoundGroup,
  type FoundUser,
  type LocalMatch,
} from './provider';
export { productName, providerName } from './providerName';
export type { ProvisioningHistory } from './provisioningHistory';
export {
  accountPath,
  documentScheme,
  historyPath,
  identityProviderPath,
  type IdentityProviderReference,
  isDocumentUri,
  isSameId,
  parseGroupUri,
  parseHistoryUri,
  parseProviderUri,
  parseUserUri,
  type ResourceReference,
  scimGroupPath,
  type ScimGroupReference,
  scimUserPath,
  type ScimUserReference,
} from './reference';
