export { foldField } from './fold';
export { mostTerms, parseQuery, type Query, type Term } from './query';
export { rankOf, ranks, searchedFields } from './rank';
export { type Match, type Rank, UserIndex } from './userIndex';
