import type { Directory } from '../directory';

/**
 * Writes a line each time that reading all users or groups of an identity provider has ended. It names no provider.
 * @returns A function to call after each request, which follows the lists that became known.
 */
export function logLoads(directory: Directory, write: (line: string) => void): () => void {
  const followed = new WeakSet();
  return () => {
    for (const { users, groups } of directory.accounts.flatMap(({ providers = [] }) => providers)) {
      for (const [what, list] of [['users', users] as const, ['groups', groups] as const]) {
        if (!followed.has(list)) {
          followed.add(list);
          list.on('whole', () => {
            const { count, total, state } = list.coverage;
            const of = total === undefined ? '' : ` of ${total.toLocaleString('en')}`;
            write(`Loading ended: ${count.toLocaleString('en')}${of} ${what} of an identity provider (${state})`);
          });
        }
      }
    }
  };
}
