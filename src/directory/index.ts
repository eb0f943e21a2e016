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
export {
  accountPath,
  documentScheme,
  identityProviderPath,
  type IdentityProviderReference,
  isSameId,
  parseDocumentUri,
  scimUserPath,
  type ScimUserReference,
} from './reference';
