export { type FileId, idsIn, type IdSyntax, idSyntaxOf } from './fileIds';
export type { Effect, IdKind } from './places';
