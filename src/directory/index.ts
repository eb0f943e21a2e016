export { DirectoryAccount, DirectoryProvider, type FoundUser, type Unusable } from './account';
export { type AccountSource, Directory } from './directory';
export { primaryEmail, userName } from './display';
export { AccountNotConnectedError, AccountUnusableError, LoadingCancelledError, UserNotFoundError } from './errors';
export { mostCounted, searchLocally } from './localSearch';
export {
  accountPath,
  documentScheme,
  identityProviderPath,
  type IdentityProviderReference,
  parseDocumentUri,
  scimUserPath,
  type ScimUserReference,
} from './reference';
export { askedFields, type FoundRow, type Scope, searchedProviders, searchOnServer, type ServerUpdate } from './search';
export { isLongEnough, isWhole, type ServerField, serverQuestions } from './serverQuestions';
export { DirectoryUser } from './user';
