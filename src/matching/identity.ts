/** A text that names one user or group: a whole email, UUID or Okta id. */
export interface Identity {
  readonly kind: 'uuid' | 'oktaId' | 'email';
  readonly text: string;
}

/** Characters that surround pasted words and do not count: quotes, brackets, commas, semicolons, control and invisible characters. */
const outerDecoration =
  /^[\s"'`´<>,;，；\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Cc}\p{Default_Ignorable_Code_Point}]+|(?<![\s"'`´<>,;，；\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Cc}\p{Default_Ignorable_Code_Point}])[\s"'`´<>,;，；\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Cc}\p{Default_Ignorable_Code_Point}]+$/gu;
const invisible = /(?!\s)[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/** A text without the decoration around it. */
export function trimDecoration(text: string): string {
  return text.replace(outerDecoration, '');
}

/**
 * The whole emails, UUIDs and Okta ids of users and groups in a text, each once; ids come first, since no two users share one. `Jane Doe
 * <jane@x.example>`, `mailto:jane@x.example?subject=…` and a line of JSON have one.
 */
export function identitiesIn(text: string): Identity[] {
  const found = new Map<string, Identity>();
  const add = (kind: Identity['kind'], whole: string) => found.set(whole.toLowerCase(), { kind, text: whole });
  const visible = text.replace(invisible, '');
  for (const [uuid] of visible.matchAll(/(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/gi)) {
    add('uuid', uuid);
  }
  for (const [id] of visible.matchAll(/(?<![\w-])00[ug][0-9A-Za-z]{17}(?![\w-])/g)) {
    add('oktaId', id);
  }
  for (const piece of visible.split(/[\s<>()[\]{},;:"?|«»“”„‟，；]+/)) {
    const word = trimDecoration(piece).replace(/\.$/, '');
    if (isEmail(word)) {
      add('email', word);
    }
  }
  return [...found.values()];
}

/** Whether a text is nothing but an identity, decoration and the scheme `mailto:`. */
export function isAlone({ text }: Identity, within: string): boolean {
  const rest = within
    .replace(invisible, '')
    .replace(text, '')
    .replace(/^[^\p{L}]*mailto:/iu, '')
    .replace(/\?.*/s, '');
  return !/[\p{L}\p{N}]/u.test(rest);
}

function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(text);
}
