import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { identityProviderPath, scimPath } from '../../src/directory/reference';
import { holds } from '../support/properties';

interface Contributes {
  readonly languages: readonly {
    readonly id: string;
    readonly filenamePatterns: readonly string[];
    readonly configuration?: string;
  }[];
  readonly grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
  readonly configurationDefaults: Readonly<Record<string, unknown>>;
}

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: Contributes };

describe('the language of documents, in the manifest', () => {
  const [language, log, ...otherLanguages] = contributes.languages;
  const [grammar, logGrammar, ...otherGrammars] = contributes.grammars;
  const patterns = language?.filenamePatterns ?? [];
  /** As VS Code matches a pattern with slashes: over the whole path, in lower case. */
  const globs = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`));
  const isMatched = (path: string) => globs.some((glob) => glob.test(path.toLowerCase()));

  it('is the only one beside that of provisioning histories', () => {
    deepEqual([otherLanguages, otherGrammars], [[], []]);
    equal(language?.id, 'scim-json');
    equal(grammar?.language, 'scim-json');
    deepEqual([log?.id, logGrammar?.language], ['scim-log', 'scim-log']);
  });

  it('is bound to the path of every document, whatever its ids are', () => {
    const id = fc.string({ minLength: 1, unit: 'binary' });
    return holds(
      fc.property(id, id, id, (accountId, identityProviderId, userId) => {
        const user = `${scimPath({ accountId, identityProviderId, userId })}.json`;
        ok(isMatched(user), user);
        const provider = `${identityProviderPath({ accountId, identityProviderId })}.json`;
        ok(isMatched(provider), provider);
      }),
    );
  });

  it('is bound to no path of a workspace', () => {
    for (const path of [
      '/users/a.json',
      '/home/me/accounts/a/identity_providers/b/users/c.json',
      '/accounts/a/identity_providers/b/users.json',
      '/accounts/a/identity_providers/b/users/c/d.json',
      '/accounts/a/identity_providers/b/users/c.jsonc',
      'c:\\accounts\\a\\identity_providers\\b\\users\\c.json',
    ]) {
      ok(!isMatched(path), path);
    }
  });

  it('keeps its documents where a setting takes JSON files for another language, and makes no links of theirs', () => {
    deepEqual(contributes.configurationDefaults, {
      'files.associations': Object.fromEntries([
        ...patterns.map((pattern) => [pattern, 'scim-json']),
        ...(log?.filenamePatterns ?? []).map((pattern) => [pattern, 'scim-log']),
      ]) as Record<string, string>,
      '[scim-json]': { 'editor.links': false },
      '[scim-log]': { 'editor.links': false, 'editor.wordWrap': 'on' },
    });
  });

  it("has JSON's grammar", () => {
    const { scopeName, patterns } = JSON.parse(readFileSync(grammar?.path ?? '', 'utf8')) as Record<string, unknown>;
    equal(scopeName, grammar?.scopeName);
    deepEqual(patterns, [{ include: 'source.json' }]);
  });

  it('has its files in the package', () => {
    const allowed = readFileSync('.vscodeignore', 'utf8').split('\n');
    for (const path of [language?.configuration, grammar?.path, logGrammar?.path]) {
      ok(path?.startsWith('./language/') && path.endsWith('.json') && existsSync(path), path);
    }
    ok(allowed.includes('!language/*.json'));
  });
});
