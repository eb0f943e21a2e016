export interface Account {
  readonly id: string;
  readonly name: string;
}

export interface IdentityProvider {
  readonly id: string;
  /** Untrusted; empty for a provider without a name. */
  readonly name: string;
  /** `okta`, `azureAD`, `saml` …, or a type that is newer than this code. */
  readonly type: string;
  readonly scimEnabled: boolean;
}

export interface TokenStatus {
  /** `active`, `disabled` or `expired`. */
  readonly status: string;
  /** RFC 3339. */
  readonly expiresOn: string | undefined;
  /** RFC 3339. */
  readonly notBefore: string | undefined;
}

/** A filter of the list of users or groups. One a request: some servers refuse several. Groups have a name and the two ids only. */
export type ScimFilter =
  | { readonly email: string }
  | { readonly username: string }
  | { readonly name: string }
  | { readonly cf_resource_id: string }
  | { readonly idp_resource_id: string }
  | PartialFilter;

/** Filters for a part of a field. The API page only mentions them in its text, so a server may ignore them. */
export type PartialFilter = { readonly search_contains: string } | { readonly search_starts_with: string };

/** A filter of the SCIM update log. */
export type ScimUpdateFilter =
  | Record<string, never>
  | { readonly cf_resource_id: string }
  | { readonly idp_resource_id: string }
  | { readonly resource_user_email: string }
  | { readonly resource_group_name: string }
  | { readonly status: 'FAILURE' };
