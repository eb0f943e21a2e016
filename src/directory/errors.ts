import type { ScimReference } from './reference';

/** Why a stored connection cannot be used. */
export type Unusable = 'secretMissing' | 'secretUnreadable';

/** A user of an account that is not connected was requested. */
export class AccountNotConnectedError extends Error {
  constructor(readonly accountId: string) {
    super('The account is not connected');
    this.name = 'AccountNotConnectedError';
  }
}

/** An account is connected, but its stored secret cannot be used. */
export class AccountUnusableError extends Error {
  constructor(readonly unusable: Unusable) {
    super(`The connection cannot be used: ${unusable}`);
    this.name = 'AccountUnusableError';
  }
}

/** The server has no user or group with this id. */
export class ResourceNotFoundError extends Error {
  constructor(readonly reference: ScimReference) {
    super('The identity provider has no SCIM user or group with this id');
    this.name = 'ResourceNotFoundError';
  }
}

/** The user cancelled loading, and there is nothing else to show. */
export class LoadingCancelledError extends Error {
  constructor() {
    super('Loading was cancelled');
    this.name = 'LoadingCancelledError';
  }
}
