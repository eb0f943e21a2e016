// What reads a list with nothing but `fetch`: so many requests in flight, `JSON.parse` included, every page kept.
import type { LoadAddress } from './loadServer.mts';
import { pageSize } from './directory.mts';

export const inFlight = 8;

/**
 * Reads the pages from the first to the one behind the last user.
 * @returns The users.
 */
export async function bareLoop(
  { baseUrl, account, provider, token }: LoadAddress,
  users: number,
  dispatcher: unknown,
  atOnce = inFlight,
): Promise<unknown[]> {
  const list = `${baseUrl}/accounts/${account}/access/identity_providers/${provider}/scim/users`;
  const init = { headers: { authorization: `Bearer ${token}` }, dispatcher };
  const last = users / pageSize + 1;
  const pages: unknown[][] = [];
  let next = 1;

  const worker = async (): Promise<void> => {
    while (next <= last) {
      const page = next++;
      const response = await fetch(`${list}?page=${page}&per_page=${pageSize}`, init as RequestInit);
      const { result } = JSON.parse(await response.text()) as { result: unknown[] };
      pages[page - 1] = result;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return pages.flat();
}
