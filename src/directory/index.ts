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
export { mostCounted, searchLocally } from './localSearch';
export { DirectoryProvider, DirectoryUser, type FoundUser } from './provider';
export { productName, providerName } from './providerName';
export {
  accountPath,
  documentScheme,
  identityProviderPath,
  type IdentityProviderReference,
  parseDocumentUri,
  scimUserPath,
  type ScimUserReference,
} from './reference';
export {
  askedFields,
  type FoundRow,
  isInScope,
  type Scope,
  searchedProviders,
  searchOnServer,
  type ServerUpdate,
} from './search';
export { isLongEnough, isWhole, type ServerField, serverQuestions } from './serverQuestions';
