import type { Credential } from './credential';
import type { Answer } from './request';

const mask = '[secret]';

/**
 * Masks the credential that was sent in headers and body of the response, so that these can be shown, logged and kept. The body is masked
 * before it is parsed, so no parsed string has the secret either. One pass, linear in the size of the body.
 */
export function withoutSecret(answer: Answer, credential: Credential): Answer {
  const secret = credential.scheme === 'token' ? credential.token : credential.key;
  const text = maskedJson(answer.text, secret);
  const isInHeader = [...answer.headers.values()].some((value) => value.includes(secret));
  if (text === answer.text && !isInHeader) {
    return answer;
  }
  const headers = new Headers([...answer.headers].map(([name, value]) => [name, value.replaceAll(secret, mask)]));
  return { ...answer, headers, text };
}

/** Masks the secret in a JSON text, also if some of its characters are written as escapes. The result is still JSON. */
function maskedJson(text: string, secret: string): string {
  const isPlain = text.includes(secret);
  if (!isPlain && !mayHoldEscaped(text, secret)) {
    return text;
  }
  const [plain = '', escaped = ''] = [plainly, inAnyForm].map((form) => Array.from(secret, form).join(''));
  if (!isPlain && !new RegExp(escaped).test(text)) {
    return text;
  }
  // Other escapes are matched as a whole: after `\\` the text `u0063` is no escape. An escape in which the secret begins is masked, too.
  const secretOrEscape = new RegExp(
    `(${escaped}|(?:\\\\(?:u[0-9a-fA-F]{0,3})?)?${plain})|\\\\(?:u[0-9a-fA-F]{4}|[^])`,
    'g',
  );
  return text.replace(secretOrEscape, (match, isSecret: string | undefined) => (isSecret === undefined ? match : mask));
}

/** A quick check. Of the characters that a header may hold, only these three have a JSON escape other than `\u00…`. */
function mayHoldEscaped(text: string, secret: string): boolean {
  return text.includes('\\u00') || (/["/\\]/.test(secret) && text.includes('\\'));
}

/** A pattern for an unescaped character. */
function plainly(character: string): string {
  return `\\u${hexOf(character)}`;
}

/** A pattern for a character, unescaped or in any of its JSON escapes. */
function inAnyForm(character: string): string {
  const hex = hexOf(character).replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const short = /["/\\]/.test(character) ? `\\\\${plainly(character)}|` : '';
  return `(?:${short}${plainly(character)}|\\\\u${hex})`;
}

/** The UTF-16 code unit of a character, as four hexadecimal digits. */
function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}
