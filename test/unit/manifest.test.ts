import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly [key: string]: unknown;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly capabilities: unknown;
  readonly extensionKind: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope: string; readonly default: string }>>;
    };
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly title: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const sources = globSync('src/**/*.ts').map((path) => ({ path, source: readFileSync(path, 'utf8') }));
const said = (key: string) => words[key.replaceAll('%', '')];

describe('the manifest', () => {
  const { commands, menus, configuration, viewsContainers, views } = manifest.contributes;

  it('has the command, container and view names that scripts and key bindings use', () => {
    assert.deepEqual(
      commands.map(({ command, title, category }) => `${said(category) ?? ''}: ${said(title) ?? ''} (${command})`),
      [
        'SCIM Explorer: Connect to a Cloudflare Account… (scimExplorer.connect)',
        'SCIM Explorer: Disconnect (scimExplorer.disconnect)',
        'SCIM Explorer: Reconnect… (scimExplorer.reconnect)',
        'SCIM Explorer: Rename Account… (scimExplorer.renameAccount)',
        'SCIM Explorer: Disconnect All (scimExplorer.disconnectAll)',
        'SCIM Explorer: Refresh (scimExplorer.refresh)',
        'SCIM Explorer: Refresh All (scimExplorer.refreshView)',
        'SCIM Explorer: Search Users… (scimExplorer.search)',
        'SCIM Explorer: Search Users Here… (scimExplorer.searchHere)',
        'SCIM Explorer: Search Groups Here… (scimExplorer.searchGroupsHere)',
        'SCIM Explorer: Load All Users (scimExplorer.loadAll)',
        'SCIM Explorer: Load All Groups (scimExplorer.loadAllGroups)',
        'SCIM Explorer: Copy User ID of the Selected Result (scimExplorer.search.copyId)',
        'SCIM Explorer: Insert User ID of the Selected Result (scimExplorer.search.insertId)',
        'SCIM Explorer: Reveal the Selected Result in the Identity Providers View (scimExplorer.search.reveal)',
        'SCIM Explorer: Toggle Active Users Only (scimExplorer.search.activeOnly)',
        'SCIM Explorer: Filter by Identity Provider (scimExplorer.search.scope)',
        'SCIM Explorer: Load the Remaining Users (scimExplorer.search.loadRest)',
        'SCIM Explorer: Load More (scimExplorer.loadMore)',
        'SCIM Explorer: Retry (scimExplorer.retry)',
        'SCIM Explorer: Try Again (scimExplorer.tryAgain)',
        'SCIM Explorer: Open User (scimExplorer.openUser)',
        'SCIM Explorer: Open Group (scimExplorer.openGroup)',
        'SCIM Explorer: Who Is This? (scimExplorer.whoIs)',
        'SCIM Explorer: Reveal in SCIM Explorer (scimExplorer.reveal)',
        'SCIM Explorer: Open Identity Provider (scimExplorer.openProvider)',
        'SCIM Explorer: Save As… (scimExplorer.saveAs)',
        'SCIM Explorer: Show Provisioning History (scimExplorer.showHistory)',
        'SCIM Explorer: Export… (scimExplorer.export)',
        'SCIM Explorer: Copy User ID (scimExplorer.copyId)',
        'SCIM Explorer: Copy Email (scimExplorer.copyEmail)',
        'SCIM Explorer: Copy External ID (scimExplorer.copyExternalId)',
        'SCIM Explorer: Copy SCIM Group ID (scimExplorer.copyGroupId)',
        'SCIM Explorer: Copy Group Name (scimExplorer.copyGroupName)',
        'SCIM Explorer: Copy as JSON (scimExplorer.copyJson)',
        'SCIM Explorer: Copy Identity Provider ID (scimExplorer.copyProviderId)',
        'SCIM Explorer: Copy Account ID (scimExplorer.copyAccountId)',
        'SCIM Explorer: Insert User ID… (scimExplorer.insertId)',
        'SCIM Explorer: Insert ID at Cursor (scimExplorer.insertIdAtCursor)',
        'SCIM Explorer: Use the Reserve Now (scimExplorer.useReserve)',
        'SCIM Explorer: Cancel Loading (scimExplorer.cancelLoading)',
        'SCIM Explorer: Cancel Loading (scimExplorer.cancelAllLoading)',
        'SCIM Explorer: Show Log (scimExplorer.showLog)',
        'SCIM Explorer: Copy Diagnostics (scimExplorer.copyDiagnostics)',
        'SCIM Explorer: Settings (scimExplorer.openSettings)',
        'SCIM Explorer: Show Details (scimExplorer.showDetails)',
      ],
    );
    const [container] = viewsContainers.activitybar;
    assert.deepEqual([container?.id, said(container?.title ?? '')], ['scimExplorer', 'SCIM Explorer']);
    const [view] = views.scimExplorer ?? [];
    assert.deepEqual([view?.id, said(view?.name ?? '')], ['scimExplorer.providers', 'Identity Providers']);
  });

  it('reads the API address from user settings only, never from a workspace', () => {
    const setting = configuration.properties['scimExplorer.apiBaseUrl'];
    assert.equal(setting?.scope, 'application');
    assert.equal(setting.default, 'https://api.cloudflare.com/client/v4');
    assert.deepEqual(manifest.capabilities, {
      untrustedWorkspaces: {
        supported: true,
        restrictedConfigurations: ['scimExplorer.apiBaseUrl', 'scimExplorer.rateLimitReserve'],
      },
      virtualWorkspaces: true,
    });
  });

  it('activates for scim-explorer documents and after start-up, and prefers the local extension host', () => {
    assert.deepEqual(manifest.activationEvents, ['onFileSystem:scim-explorer', 'onStartupFinished']);
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    for (const absent of ['browser', 'repository', 'bugs', 'homepage', 'enabledApiProposals', 'dependencies']) {
      assert.ok(!(absent in manifest), absent);
    }
  });

  it('compiles against the API types of the oldest supported VS Code version', () => {
    assert.equal(`^${manifest.devDependencies['@types/vscode'] ?? ''}`, manifest.engines.vscode);
  });

  it('lists exactly the dependencies that CONTRIBUTING.md gives a reason for', () => {
    const [, tables = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split('## Dependencies');
    const rows = [...tables.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell]) => [
      ...(cell ?? '').matchAll(/`([^`]+)`/g),
    ]);
    assert.deepEqual(rows.map(([, name]) => name).sort(), Object.keys(manifest.devDependencies).sort());
  });

  it('has a text in package.nls.json for every placeholder, and no unused text', () => {
    const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...used].sort(), Object.keys(words).sort());
  });

  it('registers every contributed command, and contributes every command of its menus', () => {
    const offered = commands.map(({ command }) => command);
    const registered = sources.flatMap(({ source }) =>
      [...source.matchAll(/(?:registerCommand\(|command: |^ +)'(scimExplorer\.[\w.]+)'/gm)].map(
        ([, command]) => command,
      ),
    );
    const [, keys = ''] = /const searchKeys = \[(.+)\]/.exec(sources.map(({ source }) => source).join('')) ?? [];
    registered.push(...[...keys.matchAll(/'(\w+)'/g)].map(([, key]) => `scimExplorer.search.${key ?? ''}`));
    assert.deepEqual(
      offered.filter((command) => !registered.includes(command)),
      [],
    );
    const inMenus = Object.values(menus).flatMap((entries) => entries.map(({ command }) => command));
    assert.deepEqual(
      inMenus.filter((command) => !offered.includes(command)),
      [],
    );
  });

  it('lists every inline action in the context menu, too', () => {
    const entries = menus['view/item/context'] ?? [];
    const inline = entries.filter(({ group }) => group === 'inline');
    assert.ok(inline.length > 0);
    for (const { command, when } of inline) {
      assert.ok(
        entries.some((entry) => entry.command === command && entry.when === when && entry.group !== 'inline'),
        command,
      );
    }
  });
});

describe('the bundle', () => {
  const { outputs } = JSON.parse(readFileSync('dist/meta.json', 'utf8')) as {
    outputs: Record<string, { inputs: object; imports: { path: string; kind: string }[]; entryPoint?: string }>;
  };

  it('packages all files of the bundle, and contains each module once', () => {
    assert.ok(readFileSync('.vscodeignore', 'utf8').split('\n').includes('!dist/*.mjs'));
    const modules = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    assert.deepEqual(
      modules.filter((path, i) => modules.indexOf(path) !== i),
      [],
    );
  });

  it('loads no library at activation', () => {
    const seen = new Set<string>();
    const visit = (path: string) => {
      if (!seen.has(path)) {
        seen.add(path);
        const statics = outputs[path]?.imports.filter(({ kind }) => kind === 'import-statement') ?? [];
        statics.forEach((imported) => visit(imported.path));
      }
    };
    visit('dist/extension.mjs');
    const modules = [...seen].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    assert.ok(modules.includes('src/extension.ts'));
    assert.deepEqual(
      modules.filter((path) => path.includes('node_modules/')),
      [],
    );
  });
});

describe('the source', () => {
  it('uses no proposed API, except sortByLabel behind a check', () => {
    // Proposed API of the tree view and the quick pick. API that is stable but too new does not compile.
    const gated = /\b(treeView|view)\.activeItem\b|\bproposed\b|enabledApiProposals|QuickPickItem2|resourceUri/;
    assert.deepEqual(
      sources.filter(({ source }) => gated.test(source)).map(({ path }) => path),
      [],
    );
    const sorted = sources.filter(({ source }) => source.includes('sortByLabel'));
    assert.deepEqual(
      sorted.map(({ path }) => path),
      ['src/search/newerQuickPick.ts'],
    );
    assert.match(sorted[0]?.source ?? '', /if \('sortByLabel' in pick\) \{\n\s+pick\.sortByLabel = false;/);
  });

  it('contains no invisible or control characters', () => {
    const hidden = /[\p{Cf}\p{Cs}\p{Co}]|[^\P{Cc}\n]/u;
    const files = globSync([
      '{src,test,media,language,.ci,.github}/**/*.{ts,mts,mjs,cjs,svg,tf,json,md,yml}',
      '*.{js,mjs,json,md}',
      '.ci/run',
      'tools/vscode/code',
    ]);
    assert.ok(files.includes('.github/workflows/release.yml') && files.includes('.ci/run'));
    assert.deepEqual(
      // The fixtures have what strangers' files have.
      files.filter((path) => !path.includes('test/fixtures/') && hidden.test(readFileSync(path, 'utf8'))),
      [],
    );
  });
});
