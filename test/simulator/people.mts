import { pools, type NamePool, type PoolName } from './names.mts';

/** A person by name: what the display name and the email address are made from. */
export interface Person {
  /** As people write it, in their own script. */
  readonly displayName: string;
  /** Lower-case ASCII, unique within one identity provider: `anna.schmidt`, `anna.k.schmidt`, `wei.wang12`. */
  readonly login: string;
}

/** Which language comes at which index, repeated for ever: about half of it Latin, the rest in ten other scripts. */
const rota: readonly PoolName[] = [
  ...(['english', 'german', 'japanese', 'french', 'ukrainian', 'english', 'polish', 'greek'] as const),
  ...(['english', 'vietnamese', 'arabic', 'spanish', 'english', 'korean', 'turkish', 'hebrew'] as const),
  ...(['german', 'hindi', 'english', 'chinese', 'french', 'thai', 'english', 'polish'] as const),
];

/** For a slot of the rota: how many slots before it have the same language, and how many the whole rota has. */
const places = rota.map((name, slot) => ({
  pool: pools[name],
  before: rota.slice(0, slot).filter((other) => other === name).length,
  perRound: rota.filter((other) => other === name).length,
}));

/** Steps through all pairs of one given and one family name without repeating; prime to every pool's number of pairs. */
const stride = 103;

/**
 * The person at an index. `offset` shifts the pairs, so that two identity providers do not list the same people; every
 * index has a person of its own, and all of it is arithmetic.
 */
export function personAt(index: number, offset: number): Person {
  const place = places[index % places.length];
  if (!place) {
    throw new Error('The rota has no slots.');
  }

  const { pool } = place;
  const ordinal = Math.floor(index / places.length) * place.perRound + place.before;
  const pairs = pool.given.length * pool.family.length;
  const pair = (ordinal * stride + offset) % pairs;
  const repeat = Math.floor(ordinal / pairs);

  const given = pool.given[pair % pool.given.length] ?? { shown: '', ascii: '' };
  const family = pool.family[Math.floor(pair / pool.given.length)] ?? { shown: '', ascii: '' };
  const initial = pool.hasMiddleInitial && repeat > 0 ? 'abcdefghijklmnoprstuvwyz'[(repeat - 1) % 24] : undefined;
  const number = initial === undefined ? repeat : Math.floor((repeat - 1) / 24);
  const suffix = number > 0 ? String(number + 1) : '';

  return {
    displayName: displayName(pool.order, given.shown, family.shown, initial),
    login: [given.ascii, initial, family.ascii].filter((part) => part !== undefined).join('.') + suffix,
  };
}

function displayName(order: NamePool['order'], given: string, family: string, initial: string | undefined): string {
  switch (order) {
    case 'family given':
      return `${family} ${given}`;
    case 'familygiven':
      return `${family}${given}`;
    case 'given family':
      return initial === undefined ? `${given} ${family}` : `${given} ${initial.toUpperCase()}. ${family}`;
  }
}
