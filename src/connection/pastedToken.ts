/**
 * What a text is by Cloudflare's published formats: prefixes `cfut_`, `cfat_` and `cfk_` since 2025; older API tokens have no prefix, older
 * Global API Keys have 37 hex digits. A `malformed` text does not fit into a header; a `tooShort` one is only a part of a token.
 */
export type TokenKind = 'user' | 'account' | 'unprefixed' | 'globalKey' | 'malformed' | 'tooShort' | 'empty';

export function tokenKind(text: string): TokenKind {
  if (text === '') {
    return 'empty';
  }
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return 'malformed';
  }
  if (text.startsWith('cfk_') || /^[0-9a-f]{37}$/i.test(text)) {
    return 'globalKey';
  }
  if (text.startsWith('cfut_')) {
    return 'user';
  }
  if (text.startsWith('cfat_')) {
    return 'account';
  }
  // Tokens without a prefix have 40 characters.
  return text.length < 30 ? 'tooShort' : 'unprefixed';
}

/** Whitespace, quotes, commas and semicolons, which no token contains. */
const decoration = /[\s"'`,;]/;

/** `Bearer `, or the name of an assignment, a header or a property: `NAME=`, `export NAME=`, `"token": `, `Authorization: `. */
const labels = /^(?:Bearer\s|(?:(?:export|set)\s{1,9})?(?:\$env:|\$)?[a-z_][\w.-]{0,99}["']?\s{0,9}[=:](?=.))/is;

/**
 * The token in a pasted text, without the decoration and labels around it. Texts without a label keep everything but decoration. Linear in the
 * length of the text.
 */
export function trimPastedToken(text: string): string {
  let [start, end] = [0, text.length];
  for (;;) {
    while (start < end && decoration.test(text.charAt(start))) {
      start++;
    }
    while (end > start && decoration.test(text.charAt(end - 1))) {
      end--;
    }
    const [label = ''] = labels.exec(text.slice(start, Math.min(start + 150, end))) ?? [];
    if (label === '') {
      return text.slice(start, end);
    }
    start += label.length;
  }
}
