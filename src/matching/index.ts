export { foldField } from './fold';
export { identitiesIn } from './identity';
export { exactQuery, mostTerms, parseQuery, type Query, type ScimKind, type Term } from './query';
export { ranks, type SearchableUser, searchedFields } from './rank';
export { rankOf } from './rankOf';
export { type Match, type Rank, UserIndex } from './userIndex';
