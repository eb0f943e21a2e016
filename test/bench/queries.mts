// What is typed in the search metrics; drawn by drawQueries.mts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tools/project.mts';

/** Users that a search shows at most. */
export const rows = 100;

export interface Queries {
  readonly seed: number;
  /** For each of 40 names, emails and ids every prefix, one after the other as one types. */
  readonly typed: readonly (readonly string[])[];
  readonly insideWords: readonly string[];
  readonly reversedWords: readonly string[];
  readonly withoutAccents: readonly string[];
  readonly twoCharacters: readonly string[];
}

function queries(): Queries {
  return JSON.parse(readFileSync(join(projectRoot, 'test', 'bench', 'queries.json'), 'utf8')) as Queries;
}

/** Every query, or every so many-th, in a fixed order. */
export function readQueries(every = 1): string[] {
  const { typed, insideWords, reversedWords, withoutAccents, twoCharacters } = queries();
  const all = [...typed.flat(), ...insideWords, ...reversedWords, ...withoutAccents, ...twoCharacters];
  return all.filter((_, i) => i % every === 0);
}

/** Names and emails as they are typed, key after key. */
export function typedNamesAndEmails(): string[] {
  const isId = (text: string) => /^[0-9a-f]{8}-/.test(text);
  return queries()
    .typed.filter((prefixes) => !isId(prefixes.at(-1) ?? ''))
    .flat();
}
