import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { CloudflareError } from '../../../src/cloudflare/errors';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { classes, placesOf } from './classes';
import { connectionFaults } from './ofConnections';
import { envelopeFaults } from './ofEnvelopes';
import { httpFaults } from './ofHttp';
import { announcedLimits, rateLimitFaults } from './ofRateLimits';
import { redirectFaults } from './ofRedirects';
import { statusFaults } from './ofStatus';
import { userFaults } from './ofUsers';
import { ask, nameOf, type Outcome } from './places';
import { FaultReport } from './report';
import { leaks, written } from './secrets';
import { type Gives, type Ground, type NamedFault, type Place, standardPlace } from './types';
import { World } from './world';

const families: Record<string, readonly NamedFault[]> = {
  'of the connection': connectionFaults,
  'of HTTP': httpFaults,
  'of the status': statusFaults,
  'of redirects': redirectFaults,
  'of rate limits': rateLimitFaults,
  'of the envelope': envelopeFaults,
  'of users and pages': userFaults,
};

describe('Under a fault', () => {
  const report = new FaultReport();
  const reportFile = join('.vscode-test', 'faults.md');
  let simulator: Simulator;
  let elsewhere: Server;
  let askedElsewhere = 0;
  let ground: Ground;

  before(async () => {
    simulator = await startSimulator({ maxPerPage: 20 });
    elsewhere = createServer((_, response) => {
      askedElsewhere++;
      response.end();
    });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    ground = { simulator, elsewhere: origin(elsewhere), nobody: origin(closed), answers: new Map() };
    closed.close();
  });
  after(async () => {
    // A run of some tests only must not pass for all of them.
    if (report.pairs === pairs) {
      report.write(reportFile);
    }
    elsewhere.close();
    await simulator.close();
  });

  let pairs = 0;
  for (const [family, faults] of Object.entries(families)) {
    describe(family, () => {
      for (const fault of faults) {
        for (const place of placesOf(fault)) {
          pairs++;
          it(`${fault.name}: ${place}`, () => strike(fault, place));
        }
      }
    });
  }

  it('are at least sixty, each with a name of its own', () => {
    const names = Object.values(families).flatMap((faults) => faults.map(({ name }) => name));
    assert.ok(names.length >= 60);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(new Set(Object.values(classes)).difference(new Set(names)), new Set());
  });

  describe('of a limit that an answer announces', () => {
    for (const { name, headers, waitedMs } of announcedLimits) {
      it(`${name}: the next request waits, and comes`, async () => {
        const fault: NamedFault = {
          name,
          effect: { kind: 'headers', headers },
          times: 1,
          gives: { outcome: 'ok', sent: 1 },
        };
        await inWorld(fault, standardPlace, async (world) => {
          world.switchOn();
          assert.equal(nameOf(await ask(world, standardPlace, false)), 'ok');
          const before = world.clock.now();
          assert.equal(nameOf(await ask(world, standardPlace, false)), 'ok');
          assert.equal(world.clock.now() - before, waitedMs);
        });
      });
    }
  });

  async function inWorld(fault: NamedFault, place: Place, test: (world: World) => Promise<void>): Promise<void> {
    simulator.faults.clear();
    const world = new World(ground, fault, place);
    try {
      await world.load();
      await test(world);
    } finally {
      await world.end();
    }
  }

  async function strike(fault: NamedFault, place: Place): Promise<void> {
    const gives: Gives = { ...fault.gives, ...fault.at?.[place] };
    await inWorld(fault, place, async (world) => {
      const rowsBefore = rows(world);
      const restoreTime = setWrong(fault.wrongBy ?? 0);
      let outcome: Outcome = 'ok';
      const startedAt = world.clock.now();
      const { output, warnings } = await written(async () => {
        world.switchOn();
        outcome = await ask(world, place, fault.isGivenUp ?? false)
          .catch((error: unknown) => {
            report.add(fault.name, place, String(error));
            throw error;
          })
          .finally(restoreTime);
        await world.settle();
      });
      const waitedMs = world.clock.now() - startedAt;
      world.switchOff();
      const { sent } = world;
      report.add(fault.name, place, words(outcome, sent, waitedMs));

      expected(outcome, gives, place);
      rowsBefore.forEach((before, i) => {
        assert.deepEqual(rows(world)[i]?.slice(0, before.length), before, 'a loaded row is lost');
      });
      assert.equal(world.struck.users.shown.count, gives.rows ?? world.struck.users.shown.count, 'rows in the list');
      const error = typeof outcome === 'string' ? undefined : (outcome as { error: unknown }).error;
      const shown = {
        output,
        warnings,
        log: world.logged,
        ...(error !== undefined && { error, account: world.account }),
      };
      assert.deepEqual(leaks(world.secret, shown), [], 'the secret is shown');
      assert.deepEqual(warnings, []);
      if (gives.outcome !== 'ok' && gives.outcome !== 'noSuchUser') {
        // A credential that was refused is sent again only for a request of the user: a search or a document.
        const isKept = gives.outcome === 'unauthorized' && place !== 'search' && place !== 'document';
        const afterwards = isKept ? 'unauthorized' : 'ok';
        assert.equal(nameOf(await ask(world, place, false)), afterwards, 'once the fault is gone');
      }
      await world.comeToRest();
      assert.equal(askedElsewhere, 0, 'another origin was asked');
      assert.equal(Object.keys(Object.prototype).length, 0);
      assert.equal(sent, requests(gives, fault, place) ?? sent, 'requests sent');
      if (gives.waitedMs !== undefined) {
        assert.equal(waitedMs, gives.waitedMs, 'milliseconds waited');
      }
    });
  }
});

function expected(outcome: Outcome, gives: Gives, place: Place): void {
  assert.equal(nameOf(outcome), gives.outcome === 'cancelled' ? 'cancelled' : gives.outcome);
  if (typeof outcome === 'string' || !(outcome.error instanceof CloudflareError)) {
    return;
  }
  const { status, ray, code, networkCode, endpoint } = outcome.error.failure;
  assert.match(endpoint, /^GET \/accounts\/\{account_id\}\/access\/identity_providers\/\{.*\}\/scim\/users$/, place);
  assert.equal(status, gives.status, 'status');
  assert.equal(code, gives.code, 'code');
  assert.equal(networkCode, gives.networkCode ?? networkCode, 'network code');
  if (gives.ray ?? gives.status !== undefined) {
    assert.match(ray ?? '', /^[0-9a-f]{16}-LIS$/, 'cf-ray');
  }
}

/** A search for a whole email asks twice: for an email and a username. */
function requests({ sent }: Gives, { times }: NamedFault, place: Place): number | undefined {
  return place !== 'search' || sent === undefined ? sent : times === undefined ? 2 * sent : sent + 1;
}

/** The texts of all rows of each list. */
function rows(world: World): string[][] {
  return world.lists.map((list) => Array.from({ length: list.shown.count }, (_, i) => list.shown.rawText(i)));
}

function words(outcome: Outcome, sent: number, waitedMs: number): string {
  const error = typeof outcome === 'string' ? undefined : outcome.error;
  const { status, networkCode, code } = error instanceof CloudflareError ? error.failure : {};
  const facts = [status, code && `code ${code}`, networkCode].filter(Boolean).join(', ');
  const waited = waitedMs > 0 ? `, waited ${waitedMs / 1000} s` : '';
  return `${nameOf(outcome)}${facts && ` (${facts})`}, ${sent} sent${waited}`;
}

function origin(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sets this machine's time of day; the function that comes back sets it right again. */
function setWrong(byMs: number): () => void {
  const right = Date.now;
  Date.now = () => right() + byMs;
  return () => (Date.now = right);
}
