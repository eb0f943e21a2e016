import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';

/** What each folder of the sample exports. */
const entry = 'export const x = 1;';

/** Files that break a rule of the map, and the name of that rule. */
const wrong: Record<string, readonly [code: string, rule: string]> = {
  'src/cloudflare/a.ts': ["import vscode = require('vscode');\nexport { vscode };", 'pure'],
  'src/directory/a.ts': ["import * as vscode from 'vscode';\nexport { vscode };", 'pure'],
  'src/documents/b.ts': ["import { rm } from 'node:fs/promises';\nexport { rm };", 'files'],
  'src/export/a.ts': ["import { writeFileSync } from 'node:fs';\nexport { writeFileSync };", 'files'],
  'src/text/a.ts': ["export { x } from '../cloudflare';", 'map-text'],
  'src/cloudflare/b.ts': ["export type { x } from '../directory';", 'map-cloudflare'],
  'src/directory/b.ts': ["export { x } from '../ui';", 'map-directory'],
  'src/explorer/a.ts': ["export { x } from '../search';", 'map-explorer'],
  'src/documents/a.ts': ["export const y = import('../search');", 'map-documents'],
  'src/search/a.ts': ["export { x } from '../text/surfaces';", 'deep-import'],
  'src/search/b.ts': ["export { x } from '../text/surfaces.js';", 'deep-import'],
  'src/search/c.ts': ["export const y = import('../directory/deep');", 'deep-import'],
  'src/clipboard/a.ts': ["export { x } from '../extension';", 'entry-or-tests'],
  'src/search/d.ts': ["export { x } from '../../test/fakes';", 'entry-or-tests'],
  'src/search/e.ts': ["export { y } from './f';\nexport type Y = 1;", 'circle'],
  'src/attic/a.ts': ["export { x } from '../text';", 'unknown-folder'],
  'src/main.ts': ["export { x } from './text/surfaces';", 'deep-import-by-the-entry-file'],
};

const right: Record<string, string> = {
  'src/extension.ts': "export { x } from './search';",
  'src/search/rows.ts': "export { x } from '../ui';\nexport { x as y } from '../directory';",
  'src/directory/deep.ts': "export { x } from '../cloudflare';",
  'src/search/f.ts': "import type { Y } from './e';\nexport const y: Y = 1;",
  'src/export/write.ts': "import { rm } from 'node:fs/promises';\nexport { rm };",
  'src/text/surfaces.ts': entry,
  'test/fakes.ts': entry,
};

describe('the map', () => {
  let folder: string;
  let violations: { from: string; rule: string }[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scim-explorer-'));
    const names = ['text', 'cloudflare', 'matching', 'directory', 'ui', 'search'];
    const files = [
      ...names.map((name) => [`src/${name}/index.ts`, entry] as const),
      ...Object.entries(right),
      ...Object.entries(wrong).map(([path, [code]]) => [path, code] as const),
    ];
    for (const [path, code] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${code}\n`);
    }
    copyFileSync('tsconfig.json', join(folder, 'tsconfig.json'));
    const { stdout } = spawnSync(
      process.execPath,
      [
        resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        ...['--config', resolve('.dependency-cruiser.mjs'), '--output-type', 'json', 'src'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    const { summary } = JSON.parse(stdout) as ICruiseResult;
    violations = summary.violations.map(({ from, rule }) => ({ from, rule: rule.name }));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [path, [code, rule]] of Object.entries(wrong)) {
    it(`refuses in ${path}: ${code.split('\n')[0] ?? ''}`, () => {
      const rules = violations.filter(({ from }) => from === path).map((violation) => violation.rule);
      assert.ok(rules.includes(rule), `${rules.join()} has ${rule}`);
    });
  }

  it('lets a folder use what is below it', () => {
    assert.deepEqual(
      violations.filter(({ from }) => !(from in wrong)),
      [],
    );
  });
});
