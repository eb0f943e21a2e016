import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { metafile, packageFolders, sbomOf } from '../../tools/sbom.mts';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly 'bom-ref': string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component; readonly timestamp?: string };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

describe('the list of what is in the package (SBOM)', () => {
  const { inputs } = JSON.parse(readFileSync(metafile, 'utf8')) as { inputs: Record<string, unknown> };
  const read = async (paths: readonly string[]): Promise<Sbom> => JSON.parse(await sbomOf(paths)) as Sbom;
  const manifestOf = (folder: string) =>
    JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string; version: string; license: string };

  it('lists exactly the packages that the bundler put into the bundles, with versions and licences', async () => {
    const { bomFormat, specVersion, components } = await read(Object.keys(inputs));
    assert.deepEqual([bomFormat, specVersion], ['CycloneDX', '1.6']);

    // Another way to the same: the folder after the last node_modules/ of every file that esbuild names.
    const bundled = new Set<string>();
    for (const path of Object.keys(inputs)) {
      const at = path.lastIndexOf('node_modules/');
      if (at === -1) continue;
      const [first = '', second = ''] = path.slice(at + 'node_modules/'.length).split('/');
      bundled.add(`${path.slice(0, at)}node_modules/${first.startsWith('@') ? `${first}/${second}` : first}`);
    }
    assert.ok(bundled.size > 0);
    assert.deepEqual(
      components.map(({ name, version, licenses }) => [name, version, licenses.map(({ license }) => license.id)]),
      [...bundled]
        .map(manifestOf)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, version, license }) => [name, version, [license]]),
    );
  });

  it('names the same packages as the licences that are shipped', async () => {
    const { components } = await read(Object.keys(inputs));
    const texts = readFileSync('dist/third-party-licenses.txt', 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
    assert.deepEqual(
      components.map(({ name, version }) => `${name} ${version}`),
      texts.map((text) => text.split('\n', 1)[0]),
    );
  });

  it('has the hashes that the lock file has, and says that the extension is made of all of them', async () => {
    const { metadata, components, dependencies } = await read(Object.keys(inputs));
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { integrity: string }>;
    };
    for (const { name, purl, version, hashes } of components) {
      assert.equal(purl, `pkg:npm/${name}@${version}`);
      const [hash] = hashes ?? [];
      assert.equal(hash?.alg, 'SHA-512');
      const integrity = `sha512-${Buffer.from(hash.content, 'hex').toString('base64')}`;
      assert.equal(integrity, packages[`node_modules/${name}`]?.integrity);
    }
    const { name, version, purl } = metadata.component;
    assert.equal(purl, `pkg:vscode-extension/scim-explorer/${name}@${version}`);
    assert.deepEqual(
      dependencies.find(({ ref }) => ref === metadata.component['bom-ref'])?.dependsOn,
      components.map((component) => component['bom-ref']),
    );
  });

  it('is the same text for the same build', async () => {
    const paths = Object.keys(inputs);
    assert.equal(await sbomOf(paths), await sbomOf(paths.toReversed()));
  });

  it('finds packages inside packages, with and without a scope', () => {
    const paths = [
      'src/a.ts',
      'node_modules/b/c.js',
      'node_modules/@d/e/f/g.js',
      '../node_modules/h/node_modules/i/j.js',
    ];
    assert.deepEqual(packageFolders(paths), [
      '../node_modules/h/node_modules/i',
      'node_modules/@d/e',
      'node_modules/b',
    ]);
  });
});
