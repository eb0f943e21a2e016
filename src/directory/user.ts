import type { ScimUser } from '../cloudflare';
import type { DirectoryProvider } from './account';
import { identityProviderPath, scimUserPath, type ScimUserReference } from './reference';

/** A SCIM user where it was met: the row of a tree or of a search stands for one of these. */
export class DirectoryUser {
  constructor(
    readonly provider: DirectoryProvider,
    readonly user: ScimUser,
    /** Page and row in the provider's list, counted from 1; undefined for a user that a search brought. */
    readonly place?: { readonly page: number; readonly row: number },
  ) {}

  /** Undefined for a user without an id: it cannot be asked for, so it is neither opened nor id-copied. */
  get reference(): ScimUserReference | undefined {
    const { id: userId } = this.user;
    return userId === undefined ? undefined : { ...this.provider.reference, userId };
  }

  /** The user's path, or, without an id, its place in the list; `#` never stands in an encoded id. */
  get path(): string {
    const { reference, place } = this;
    return reference
      ? scimUserPath(reference)
      : `${identityProviderPath(this.provider.reference)}/users/#${place?.page ?? 0}.${place?.row ?? 0}`;
  }
}
