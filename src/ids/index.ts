export { type FileId, idsIn, type IdSyntax, idSyntaxOf } from './fileIds';
export { type Word, wordAt } from './word';
export type { Effect, IdKind } from './places';
