import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ESLint } from 'eslint';

describe('the map of the house', () => {
  // The rules about imports alone: the others need types, and take their time.
  const eslint = new ESLint({
    overrideConfig: [{ languageOptions: { parserOptions: { projectService: false } } }],
    ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
  });
  const complaints = async (path: string, code: string) => {
    const [result] = await eslint.lintText(code, { filePath: path });
    return result?.messages.map(({ message }) => message) ?? [];
  };

  const wrong: readonly [path: string, code: string][] = [
    ['src/cloudflare/api.ts', "import vscode = require('vscode');\nexport { vscode };"],
    ['src/directory/search.ts', "import * as vscode from 'vscode';\nexport { vscode };"],
    ['src/text/surfaces.ts', "export { CloudflareApi } from '../cloudflare/api';"],
    ['src/search/rows.ts', "export { visible } from '../text/visible';"],
    ['src/search/rows.ts', "export { isolate } from '../../src/text/visible.js';"],
    ['src/cloudflare/api.ts', "export { Directory } from '../directory/directory';"],
    ['src/directory/search.ts', "export { explain } from '../messages/explain';"],
    ['src/explorer/rows.ts', "export { UserSearch } from '../search/userSearch';"],
    ['src/search/rows.ts', "export { showUser } from '../documents/openUser';"],
    ['src/clipboard/copy.ts', "export { activate } from '../extension';"],
    ['src/search/rows.ts', "export { startSimulator } from '../../test/simulator/simulator.mts';"],
    ['src/documents/openUser.ts', "export const x = import('../search/userSearch.js');"],
    ['src/attic/things.ts', 'export const x = 1;'],
  ];
  for (const [path, code] of wrong) {
    it(`refuses in ${path}: ${code.split('\n')[0] ?? ''}`, async () => {
      assert.notDeepEqual(await complaints(path, code), []);
    });
  }

  it('lets capabilities use what is below them', async () => {
    const code = "export { explain } from '../messages/explain';\nexport { Directory } from '../directory/directory';";
    assert.deepEqual(await complaints('src/search/rows.ts', code), []);
  });

  it('knows every room that there is', async () => {
    for (const { name } of readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      assert.deepEqual(await complaints(`src/${name}/anything.ts`, 'export const x = 1;'), [], name);
    }
  });
});
