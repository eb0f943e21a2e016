/** Pure folders never import `vscode`: they run and are tested in plain Node. */
const pureFolders = {
  text: /** @type {string[]} */ ([]),
  cloudflare: [],
  matching: [],
  directory: ['cloudflare', 'matching'],
  lookup: ['cloudflare', 'matching', 'directory'],
  formats: ['cloudflare', 'directory'],
  ids: [],
};
const pure = Object.keys(pureFolders);
const capabilities = ['log', 'connection', 'explorer', 'search', 'documents', 'clipboard', 'export', 'identify'];

/**
 * The map of `src/`: which folders each folder may import from. CONTRIBUTING.md draws it.
 * @type {Record<string, string[]>}
 */
const folders = {
  ...pureFolders,
  ui: pure,
  ...Object.fromEntries(capabilities.map((name) => [name, [...pure, 'ui']])),
};

const names = Object.keys(folders);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'circle',
      comment: 'Files do not import each other in a circle, not for a type either.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'deep-import',
      comment: 'Another folder is imported by its index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'deep-import-by-the-entry-file',
      comment: 'extension.ts imports a folder by its index.ts.',
      severity: 'error',
      from: { path: '^src/[^/]+$' },
      to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'unknown-folder',
      comment: 'A folder of src/ is on the map in .dependency-cruiser.mjs.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${names.join('|')})/` },
      to: {},
    },
    {
      name: 'pure',
      comment: 'A pure folder does not import vscode.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { path: '^vscode$' },
    },
    {
      name: 'files',
      comment: 'Only the export writes files with the functions of Node.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/export/write\\.ts$' },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'entry-or-tests',
      comment: 'Nothing in src/ imports extension.ts, tests or tools.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(src/extension\\.ts$|test/|tools/)' },
    },
    ...names.map((name) => ({
      name: `map-${name}`,
      comment: 'See the map in CONTRIBUTING.md.',
      severity: /** @type {const} */ ('error'),
      from: { path: `^src/${name}/` },
      to: { path: '^src/[^/]+/', pathNot: `^src/(${[name, ...(folders[name] ?? [])].join('|')})/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
