/**
 * Schemas of the API's responses. In a real response any field may be missing, null or of another type: such a field is left out. The raw
 * JSON of each object stays available (ListPage.rawText). Sources: the API page (list-scim-users) and the types of the official SDK,
 * `cloudflare` 7.x.
 */
import * as v from 'valibot';

/** A string. A blank one counts as missing. */
const text = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.regex(/\S/))), undefined));
/** A string of at most 256 characters, so that paths and rows stay short; Cloudflare's ids have 32 or 36. */
const id = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.regex(/\S/), v.maxLength(256))), undefined));
/** A string, or a number that JSON keeps exactly: some directories have numeric ids of their own. */
const textOrNumber = v.optional(v.pipe(v.unknown(), v.transform(textOf)));
/** A name, cut after 1,000 characters: it is only shown, never copied or sent. */
const name = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.regex(/\S/), v.transform(beginning))), undefined));
/** A date or a URL of at most 2,000 characters. */
const shortText = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(2000))), undefined));
/** A boolean. Entra ID sends `"True"` and `"False"` [public reports]. */
const flag = v.optional(v.pipe(v.unknown(), v.transform(flagOf)));
const count = v.optional(v.fallback(v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), undefined));

/** A list within an object, cut after 100 elements to bound time and memory. Real lists are shorter. */
function few<T>(element: v.GenericSchema<unknown, T>) {
  const firstOnes = v.transform((list: unknown) => (Array.isArray(list) ? firstOf(list) : list));
  return v.fallback(v.optional(v.pipe(v.unknown(), firstOnes, v.array(element)), []), []);
}

function firstOf(list: unknown[]): unknown[] {
  return list.length > 100 ? list.slice(0, 100) : list;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /\S/.test(text) ? text : undefined;
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value !== 'string') {
    return typeof value === 'boolean' ? value : undefined;
  }
  const word = value.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
}

function beginning(text: string): string {
  return text.slice(0, 1000).replace(/[\uD800-\uDBFF]$/, '');
}

const email = v.fallback(v.object({ primary: flag, type: text, value: text }), {});

const scimUserFields = v.object({
  /** Cloudflare's id of the user, a UUID; its filter is `cf_resource_id`. */
  id,
  /** The identity provider's id of the user, any string; its filter is `idp_resource_id`. */
  externalId: textOrNumber,
  displayName: text,
  active: flag,
  emails: few(email),
  /** RFC 3339. */
  meta: v.fallback(v.optional(v.object({ created: text, lastModified: text }), {}), {}),
  schemas: few(v.fallback(v.string(), '')),
});
export const scimUser = v.fallback(scimUserFields, { emails: [], meta: {}, schemas: [] });
export type ScimUser = v.InferOutput<typeof scimUserFields>;

const scimGroupFields = v.object({
  /** Cloudflare's id of the group, a UUID; its filter is `cf_resource_id`. */
  id,
  /** The identity provider's id of the group, any string; its filter is `idp_resource_id`. */
  externalId: textOrNumber,
  displayName: text,
  /** RFC 3339. */
  meta: v.fallback(v.optional(v.object({ created: text, lastModified: text }), {}), {}),
});
export const scimGroup = v.fallback(scimGroupFields, { meta: {} });
/** A SCIM group. The API does not list its members. */
export type ScimGroup = v.InferOutput<typeof scimGroupFields>;

/** A SCIM user or group. Only a user has `emails`. */
export type ScimResource = ScimUser | ScimGroup;

/** Without `config`, which holds redacted secrets and must not be shown, kept or logged. */
const identityProviderFields = v.object({
  id,
  name,
  type: name,
  scim_config: v.fallback(v.optional(v.object({ enabled: flag }), {}), {}),
});
export const identityProvider = v.fallback(identityProviderFields, { scim_config: {} });

/** What is shown of an identity provider: an allowlist, since `config` and `scim_config.secret` hold redacted secrets. */
export const shownIdentityProvider = v.object({
  id,
  name: text,
  type: text,
  scim_config: v.fallback(
    v.optional(
      v.object({
        enabled: flag,
        scim_base_url: shortText,
        identity_update_behavior: shortText,
        user_deprovision: flag,
        seat_deprovision: flag,
      }),
      {},
    ),
    {},
  ),
});
export type ShownIdentityProvider = v.InferOutput<typeof shownIdentityProvider>;

const scimUpdateFields = v.object({
  cf_resource_id: id,
  idp_resource_id: textOrNumber,
  /** RFC 3339. */
  logged_at: shortText,
  request_method: name,
  /** JSON text with personal data. */
  request_body: text,
  resource_type: name,
  resource_user_email: text,
  resource_group_name: text,
  /** `SUCCESS`, or `FAILURE`; the documentation says `ERROR`. */
  status: name,
  error_description: text,
});
export const scimUpdate = v.fallback(scimUpdateFields, {});
/** An entry of the SCIM update log: one request of the identity provider, and how it ended. */
export type ScimUpdate = v.InferOutput<typeof scimUpdateFields>;

export const account = v.fallback(v.object({ id, name }), {});

export const tokenStatus = v.object({
  status: v.string(),
  /** RFC 3339. */
  expires_on: shortText,
  not_before: shortText,
});

const apiMessage = v.fallback(v.object({ code: count, message: text }), {});
const apiError = v.object({ code: count, message: text, documentation_url: shortText, error_chain: few(apiMessage) });

export const resultInfo = v.fallback(
  v.optional(v.object({ page: count, per_page: count, total_count: count }), {}),
  {},
);

/** The envelope of all responses; `messages` is not used. */
export const envelope = v.object({
  success: v.boolean(),
  errors: few(v.fallback(apiError, { error_chain: [] })),
  result: v.optional(v.unknown()),
  result_info: resultInfo,
});
export type Envelope = v.InferOutput<typeof envelope>;
