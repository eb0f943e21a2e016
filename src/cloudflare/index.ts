export { untilAborted } from './abort';
export { longLivedAgent } from './agent';
export {
  type Account,
  CloudflareApi,
  type IdentityProvider,
  type PartialFilter,
  type ScimUserFilter,
  type TokenStatus,
} from './api';
export { type BaseUrlProblem, InvalidBaseUrlError, parseBaseUrl } from './baseUrl';
export { type Clock, sleep, systemClock } from './clock';
export { type Credential, tokenKind, type TokenKind, trimPastedToken } from './credential';
export { CloudflareError, type Failure, type FailureReason, isRefusal, unknownKeyCode } from './errors';
export { type BulkDuration, type Exchange, Gate, type Priority, type SendOptions } from './gate';
export type { NetworkProblem } from './networkProblem';
export { type ListPage, type WalkEnd, WalkMemory, walkPages } from './pages';
export { requiredPermission } from './permission';
export { reservedPart } from './rateBudget';
export { type ScimUser, scimUser } from './schemas';
export { type Fetch, Transport } from './transport';
