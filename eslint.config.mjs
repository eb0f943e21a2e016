// @ts-check
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** A dynamic import could go anywhere unseen; what is bundled apart is loaded from the own room. */
const dynamicImports = {
  selector: 'ImportExpression[source.value!=/^\\.\\/[a-zA-Z]+\\.js$/]',
  message: 'A dynamic import loads a file of its own room, by its name.',
};

/** A step alone leaves something out: what a surface needs is one function of these files. */
const textSteps = {
  group: ['**/text/*', '!**/text/surfaces', '!**/text/copied'],
  message: 'Text from the network is shown by the function for the surface, in src/text/surfaces.ts.',
};

/**
 * The map of the house: which rooms of src/ a room may import from. A room that is not listed here
 * does not build; `vscode: false` keeps a room pure, so that it runs and is tested in plain Node.
 * @type {Record<string, {uses: string[], vscode: boolean}>}
 */
const rooms = {
  text: { uses: [], vscode: false },
  cloudflare: { uses: [], vscode: false },
  matching: { uses: [], vscode: false },
  directory: { uses: ['cloudflare', 'matching'], vscode: false },
  messages: { uses: ['text', 'cloudflare', 'matching', 'directory'], vscode: true },
  commands: { uses: ['text', 'cloudflare', 'matching', 'directory', 'messages'], vscode: true },
  log: { uses: ['text', 'cloudflare', 'directory', 'messages', 'commands'], vscode: true },
  connection: { uses: ['text', 'cloudflare', 'directory', 'messages', 'commands'], vscode: true },
  explorer: { uses: ['text', 'cloudflare', 'matching', 'directory', 'messages', 'commands'], vscode: true },
  search: { uses: ['text', 'cloudflare', 'matching', 'directory', 'messages', 'commands'], vscode: true },
  documents: { uses: ['text', 'cloudflare', 'directory', 'messages', 'commands'], vscode: true },
  clipboard: { uses: ['text', 'cloudflare', 'directory', 'messages', 'commands'], vscode: true },
};

const roomRules = Object.entries(rooms).map(([room, { uses, vscode }]) => ({
  files: [`src/${room}/**`],
  rules: {
    'no-restricted-syntax': /** @type {any} */ (['error', dynamicImports]),
    'no-restricted-imports': /** @type {any} */ ([
      'error',
      {
        paths: vscode ? [] : [{ name: 'vscode', message: `src/${room}/ is pure: it runs in plain Node.` }],
        patterns: [
          {
            group: Object.keys(rooms)
              .filter((other) => other !== room && !uses.includes(other))
              .flatMap((other) => [`../${other}/*`, `../../${other}/*`]),
            message: `src/${room}/ may not import from there: see the map in CONTRIBUTING.md.`,
          },
          ...(room === 'text' ? [] : [textSteps]),
          {
            group: ['**/extension', '**/test/**', '**/tools/**'],
            message: 'Nothing in src/ imports the entry file or the tests.',
          },
        ],
      },
    ]),
  },
}));

export default defineConfig(
  { ignores: ['dist/', 'out/', '.vscode-test/', 'node_modules/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-console': 'error',
      // `import vscode = require('vscode')`: a namespace import copies all of the API once for each file when it is bundled.
      '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/*/**'],
    ignores: Object.keys(rooms).map((room) => `src/${room}/**`),
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program', message: 'This room is not on the map in eslint.config.mjs.' },
      ],
    },
  },
  roomRules,
  {
    // The type checker knows what is global where; this rule does not.
    files: ['*.js', '**/*.cjs', '**/*.mjs', '**/*.mts'],
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['test/**', 'tools/**', '*.js', '*.mjs'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
