// What is typed in the search metrics; drawn by drawQueries.mts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tools/project.mts';

export interface Queries {
  readonly seed: number;
  /** For each of 40 names, emails and ids every prefix, one after the other as one types. */
  readonly typed: readonly (readonly string[])[];
  readonly insideWords: readonly string[];
  readonly reversedWords: readonly string[];
  readonly withoutAccents: readonly string[];
  readonly twoCharacters: readonly string[];
}

export function readQueries(): Queries {
  return JSON.parse(readFileSync(join(projectRoot, 'test', 'bench', 'queries.json'), 'utf8')) as Queries;
}

/** Every query, in a fixed order. */
export function allQueries({ typed, insideWords, reversedWords, withoutAccents, twoCharacters }: Queries): string[] {
  return [...typed.flat(), ...insideWords, ...reversedWords, ...withoutAccents, ...twoCharacters];
}
