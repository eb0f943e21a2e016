import type { Credential } from './credential';
import type { Answer } from './transport';

const mask = '[secret]';

/**
 * An answer in which the credential that was sent is repeated by nobody: what an answer says may be shown, logged and kept. The text is
 * masked as it came, and so no string that is parsed from it has the secret either. One pass, linear in the size of the text.
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

/** Text in which the secret is masked: to the letter, and with any of its characters written as an escape of JSON. JSON stays JSON. */
function maskedJson(text: string, secret: string): string {
  const isPlain = text.includes(secret);
  if (!isPlain && !mayHoldEscaped(text, secret)) {
    return text;
  }
  const [plain = '', escaped = ''] = [plainly, inAnyForm].map((form) => Array.from(secret, form).join(''));
  if (!isPlain && !new RegExp(escaped).test(text)) {
    return text;
  }
  // Every other escape is taken as a whole: `u0063` behind `\\` is none. A secret that begins within one takes it along.
  const secretOrEscape = new RegExp(
    `(${escaped}|(?:\\\\(?:u[0-9a-fA-F]{0,3})?)?${plain})|\\\\(?:u[0-9a-fA-F]{4}|[^])`,
    'g',
  );
  return text.replace(secretOrEscape, (match, isSecret: string | undefined) => (isSecret === undefined ? match : mask));
}

/** A quick look: of what a header may hold, only these three have an escape other than `\u00…`. */
function mayHoldEscaped(text: string, secret: string): boolean {
  return text.includes('\\u00') || (/["/\\]/.test(secret) && text.includes('\\'));
}

/** A pattern for a character itself. */
function plainly(character: string): string {
  return `\\u${hexOf(character)}`;
}

/** A pattern for a character in each form that JSON has for it. */
function inAnyForm(character: string): string {
  const hex = hexOf(character).replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const short = /["/\\]/.test(character) ? `\\\\${plainly(character)}|` : '';
  return `(?:${short}${plainly(character)}|\\\\u${hex})`;
}

/** The UTF-16 code unit of a character, as four hexadecimal digits. */
function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}
