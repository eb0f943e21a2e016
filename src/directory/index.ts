export { DirectoryAccount } from './account';
export { type AccountSource, Directory } from './directory';
export { isActive, primaryEmail, resourceName } from './display';
export {
  AccountNotConnectedError,
  AccountUnusableError,
  LoadingCancelledError,
  type Unusable,
  ResourceNotFoundError,
} from './errors';
export { type Coverage, isWholeList } from './list/resourceList';
export { DirectoryProvider, DirectoryResource, type FoundResource, type LocalMatch } from './provider';
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
  parseHistoryUri,
  parseProviderUri,
  parseScimUri,
  type ResourceReference,
  scimIdOf,
  scimKindOf,
  scimPath,
  type ScimReference,
  scimReference,
} from './reference';
export type { ScimList } from './scimLists';
