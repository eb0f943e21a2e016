import type { Unusable } from './account';
import type { ScimUserReference } from './reference';

/** A user was asked for in an account that is not connected, or not any more. */
export class AccountNotConnectedError extends Error {
  constructor(readonly accountId: string) {
    super('The account is not connected');
    this.name = 'AccountNotConnectedError';
  }
}

/** An account is connected, but what was stored of it cannot be used. */
export class AccountUnusableError extends Error {
  constructor(readonly unusable: Unusable) {
    super(`The connection cannot be used: ${unusable}`);
    this.name = 'AccountUnusableError';
  }
}

/** The server knows no user with this id: it is gone, or was never here. */
export class UserNotFoundError extends Error {
  constructor(readonly reference: ScimUserReference) {
    super('The identity provider has no SCIM user with this id');
    this.name = 'UserNotFoundError';
  }
}

/** A person gave up what was being loaded, and there is nothing else to show. */
export class LoadingCancelledError extends Error {
  constructor() {
    super('Loading was cancelled');
    this.name = 'LoadingCancelledError';
  }
}
