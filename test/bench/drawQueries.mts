// node test/bench/drawQueries.mts: draws the queries of the search metrics from the measured directory and writes them to queries.json,
// which is committed. The same seed draws the same ones.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash32 } from '../simulator/deterministic.mts';
import { directoryOf } from './directory.mts';
import type { Queries } from './queries.mts';

const seed = 20_261;
const users = 100_000;
const directory = directoryOf(users);

/** Endless texts of users drawn at random, one for each user that has it. */
function* drawn(lane: number, textOf: (place: number) => string | null | undefined): Generator<string> {
  for (let i = 0; ; i++) {
    const text = textOf(hash32(seed, i, lane) % users);
    if (text) yield text;
  }
}

const name = (place: number) => directory.user(place).displayName;
const email = (place: number) => directory.user(place).emails?.[0]?.value;
const id = (place: number) => directory.user(place).id;
const externalId = (place: number) => directory.user(place).externalId;

/** The next text, or the next for which a part of it can be had. */
function next<T>(texts: Iterator<string>, part: (text: string, i: number) => T | undefined, i: number): T {
  for (;;) {
    const made = part(texts.next().value as string, i);
    if (made !== undefined) return made;
  }
}

function many<T>(count: number, texts: Iterator<string>, part: (text: string, i: number) => T | undefined): T[] {
  return Array.from({ length: count }, (_, i) => next(texts, part, i));
}

const whole = (text: string) => text;

function prefixes(text: string): string[] {
  const characters = Array.from(text);
  return characters.map((_, i) => characters.slice(0, i + 1).join(''));
}

/** Three to six characters of a word, from its second on. */
function insideWord(text: string, i: number): string | undefined {
  const words = text.split(/[\s.@-]+/).filter((word) => Array.from(word).length >= 5);
  const word = Array.from(words[hash32(seed, i, 21) % Math.max(1, words.length)] ?? '');
  const start = 1 + (hash32(seed, i, 22) % Math.max(1, word.length - 4));
  return word.length === 0 ? undefined : word.slice(start, start + 3 + (hash32(seed, i, 23) % 4)).join('');
}

function reversedWords(text: string): string | undefined {
  const words = text.split(' ');
  return words.length === 2 ? words.toReversed().join(' ') : undefined;
}

/** A Latin name without its accents; nothing for one that has none. */
function withoutAccents(text: string): string | undefined {
  const bare = text.normalize('NFKD').replaceAll(/\p{Mn}/gu, '');
  return bare !== text && /^[ -~]+$/.test(bare) ? bare : undefined;
}

function twoCharacters(text: string, i: number): string {
  const characters = Array.from(text.replaceAll(/\s/g, ''));
  const start = hash32(seed, i, 24) % (characters.length - 1);
  return characters.slice(start, start + 2).join('');
}

const queries: Queries = {
  seed,
  typed: [
    ...many(14, drawn(1, name), whole),
    ...many(13, drawn(2, email), whole),
    ...many(7, drawn(3, id), whole),
    ...many(6, drawn(4, externalId), whole),
  ].map(prefixes),
  insideWords: [
    ...many(16, drawn(5, name), insideWord),
    ...many(16, drawn(6, email), insideWord),
    ...many(8, drawn(7, id), insideWord),
  ],
  reversedWords: many(20, drawn(8, name), reversedWords),
  withoutAccents: many(20, drawn(9, name), withoutAccents),
  twoCharacters: [...many(15, drawn(10, name), twoCharacters), ...many(15, drawn(11, email), twoCharacters)],
};

const file = join(import.meta.dirname, 'queries.json');
writeFileSync(file, `${JSON.stringify(queries, undefined, 2)}\n`);
console.log(
  `Seed ${seed}: ${queries.typed.flat().length} prefixes of ${queries.typed.length} texts, and others, in ${file}`,
);
