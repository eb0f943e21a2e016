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

/** Removes whitespace, quotes and `Bearer ` around a pasted token, in any order. Linear in the length of the text. */
export function trimPastedToken(text: string): string {
  let [start, end] = [0, text.length];
  const isSpace = (i: number) => /\s/.test(text.charAt(i));
  for (;;) {
    while (start < end && isSpace(start)) {
      start++;
    }
    while (end > start && isSpace(end - 1)) {
      end--;
    }
    const first = text.charAt(start);
    if (end - start >= 2 && /["'`]/.test(first) && first === text.charAt(end - 1)) {
      [start, end] = [start + 1, end - 1];
    } else if (/^Bearer\s$/i.test(text.slice(start, Math.min(start + 7, end)))) {
      start += 7;
    } else {
      return text.slice(start, end);
    }
  }
}
