export { type BaseUrlProblem, InvalidBaseUrlError, parseBaseUrl } from './baseUrl';
export { CloudflareClient } from './client';
export { type Clock, sleep, systemClock, untilAborted } from './clock';
export type { Credential } from './credential';
export type { CloudflareApi } from './endpoints';
export type { Account, IdentityProvider, PartialFilter, ScimUpdateFilter, ScimFilter, TokenStatus } from './resources';
export {
  CloudflareError,
  type Failure,
  type FailureReason,
  isRefusal,
  permissionFor,
  requiredPermission,
  unknownKeyCode,
} from './errors';
export type { NetworkProblem } from './networkProblem';
export { type ListPage, pageSize, type WalkEnd, WalkMemory, walkPages } from './pages';
export type { BulkDuration, Exchange, Priority, SendOptions } from './request';
export type { ScimGroup, ScimResource, ScimUpdate, ScimUser, ShownIdentityProvider } from './schemas';
export type { Fetch } from './transport';
