import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { ConnectionStore } from '../../../src/connection/connectionStore';
import { type Connection, secretKey } from '../../../src/connection/storedSecret';
import { holds, patienceMs } from '../../support/properties';
import { type Interruption, SharedStores } from '../../support/sharedStores';

const accounts = ['a', 'b', 'c'] as const;

interface Operation {
  readonly kind: 'save' | 'saveAndUndo' | 'remove' | 'rename' | 'removeAll' | 'load';
  readonly accountId: (typeof accounts)[number];
}

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom('save', 'save', 'saveAndUndo', 'remove', 'rename', 'removeAll', 'load'),
  accountId: fc.constantFrom(...accounts),
});
const operations = fc.array(operation, { maxLength: 6 });
const interruptions: fc.Arbitrary<Interruption[]> = fc.array(
  fc.record({
    step: fc.nat(40),
    kind: fc.constantFrom('endsBefore', 'endsAfter', 'failsBefore', 'failsAfter'),
  }),
  { maxLength: 3 },
);

/** An entry of a newer version, and a secret that is none of ours. */
const unknownEntry = { kind: 'group', of: ['a', 'b'] };
const foreignKey = 'another.secret';

function connection(accountId: string): Connection {
  return {
    accountId,
    accountName: `Account ${accountId}`,
    credential: { scheme: 'token', token: randomBytes(20).toString('hex') },
    origin: 'https://api.test',
  };
}

async function run(store: ConnectionStore, { kind, accountId }: Operation): Promise<unknown> {
  switch (kind) {
    case 'save':
      return store.save(connection(accountId));
    case 'saveAndUndo':
      return (await store.save(connection(accountId)))?.();
    case 'remove':
      return store.remove(accountId);
    case 'rename':
      return store.rename(accountId, `Mine ${accountId}`);
    case 'removeAll':
      return store.removeAll();
    case 'load':
      return store.load();
  }
}

/** One operation after the other; one that fails is told to the person, who goes on. */
async function runAll(store: ConnectionStore, all: readonly Operation[]): Promise<void> {
  for (const each of all) {
    await run(store, each).catch(() => undefined);
  }
}

function prepared(stores: SharedStores): SharedStores {
  stores.secrets.set(foreignKey, 'theirs');
  stores.state = { 'scimExplorer.connections': [unknownEntry] };
  return stores;
}

/** Opens a window on what is left, and checks what it lists; then disconnects, one by one or all at once. */
async function check(left: SharedStores, isOneByOne: boolean): Promise<void> {
  const stores = new SharedStores(left.hasKeys);
  left.secrets.forEach((value, key) => stores.secrets.set(key, value));
  stores.state = left.state;
  const { store } = stores.open();

  const listed = await store.load();
  const ids = listed.map(({ accountId }) => accountId);
  equal(new Set(ids).size, ids.length, 'each account is listed once');
  for (const key of stores.keys) {
    ok(ids.map(secretKey).includes(key), `${key} is listed`);
  }
  for (const each of listed) {
    const isKept = stores.secrets.has(secretKey(each.accountId));
    equal('credential' in each, isKept, `${each.accountId} is usable if its secret is there, and only then`);
  }
  deepEqual(
    (await store.load()).map(({ accountId }) => accountId),
    ids,
    'the next load lists the same in the same order',
  );

  await (isOneByOne ? Promise.all(ids.map((id) => store.remove(id))) : store.removeAll());
  deepEqual([stores.keys, await store.load()], [[], []], 'nothing of ours is left');
  equal(stores.secrets.get(foreignKey), 'theirs');
  deepEqual(stores.state['scimExplorer.connections'], [unknownEntry]);
}

describe('the stores of connections, whatever interrupts a change of them', () => {
  it('list every secret after the next load, where keys can be listed: two windows at once, interrupted anywhere', async () => {
    await holds(
      fc.asyncProperty(
        fc.scheduler(),
        fc.tuple(operations, operations),
        fc.tuple(interruptions, interruptions),
        fc.boolean(),
        async (scheduler, [first, second], [ofFirst, ofSecond], isOneByOne) => {
          const stores = prepared(new SharedStores(true, () => scheduler.schedule(Promise.resolve())));
          void runAll(stores.open(ofFirst).store, first);
          void runAll(stores.open(ofSecond).store, second);
          await scheduler.waitIdle();
          await check(stores, isOneByOne);
        },
      ),
    );
  }).timeout(patienceMs);

  it('list every secret where keys cannot be listed, too: one window after the other, interrupted anywhere', async () => {
    await holds(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(operations, interruptions), { maxLength: 4 }),
        fc.boolean(),
        async (scheduler, sessions, isOneByOne) => {
          const stores = prepared(new SharedStores(false, () => scheduler.schedule(Promise.resolve())));
          for (const [all, interrupted] of sessions) {
            const window = stores.open(interrupted);
            void runAll(window.store, all);
            await scheduler.waitIdle();
            stores.windows.delete(window);
          }
          await check(stores, isOneByOne);
        },
      ),
    );
  }).timeout(patienceMs);

  it('list every secret, whatever else is in the index and in the secrets', async () => {
    const entry = fc.oneof(
      fc.record({ accountId: fc.constantFrom(...accounts), accountName: fc.string() }),
      fc.record({ accountId: fc.constantFrom(...accounts), accountName: fc.jsonValue(), label: fc.jsonValue() }),
      fc.record({ accountId: fc.jsonValue(), accountName: fc.string() }),
      fc.jsonValue(),
    );
    const secrets = fc.dictionary(
      fc.constantFrom(...accounts, '', 'a.b', '..', '__proto__', 'é'),
      fc.oneof(fc.string(), fc.json(), fc.constant(undefined)),
    );
    await holds(
      fc.asyncProperty(fc.oneof(fc.array(entry), fc.jsonValue()), secrets, async (index, texts) => {
        const stores = new SharedStores(true);
        stores.state = { 'scimExplorer.connections': index };
        for (const [id, text] of Object.entries(texts)) {
          stores.secrets.set(secretKey(id), text ?? JSON.stringify({ version: 2 }));
        }
        const { store } = stores.open();
        const listed = (await store.load()).map(({ accountId }) => secretKey(accountId));
        deepEqual(
          stores.keys.filter((key) => !listed.includes(key)),
          [],
        );

        await store.save(connection('new'));
        ok((await store.load()).some((each) => each.accountId === 'new' && 'credential' in each));
        const odd = (value: unknown) => JSON.stringify(value);
        const isOurs = (value: unknown) =>
          typeof value === 'object' && value !== null && 'accountId' in value && typeof value.accountId === 'string';
        const before = (Array.isArray(index) ? index : index === null ? [] : [index]).filter((value) => !isOurs(value));
        const after = (stores.state['scimExplorer.connections'] as unknown[]).filter((value) => !isOurs(value));
        deepEqual(after.map(odd), before.map(odd), 'what cannot be read is written back');

        await store.removeAll();
        deepEqual([stores.keys, await store.load()], [[], []]);
      }),
    );
  }).timeout(patienceMs);
});
