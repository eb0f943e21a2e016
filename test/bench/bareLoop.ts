// What reads a list with nothing but `fetch`: so many requests in flight, `JSON.parse` included, every page kept.
import { pageSize } from './directory.mts';
import type { Address } from './servers.mts';

const inFlight = 8;

/** Reads the pages from the first to the one behind the last user. @returns The users. */
export async function bareLoop(
  address: Address,
  users: number,
  dispatcher: unknown,
  atOnce = inFlight,
): Promise<unknown[]> {
  const last = users / pageSize + 1;
  const pages: unknown[][] = [];
  let next = 1;

  const worker = async (): Promise<void> => {
    while (next <= last) {
      const page = next++;
      const text = await bareFetch(address, { page, dispatcher });
      const { result } = JSON.parse(text) as { result: unknown[] };
      pages[page - 1] = result;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return pages.flat();
}

interface BareRequest {
  readonly page?: number;
  readonly filter?: Readonly<Record<string, string>>;
  readonly dispatcher?: unknown;
}

/** The text of a page of users; throws where the answer is no success. */
export async function bareFetch(address: Address, request: BareRequest = {}): Promise<string> {
  const { dispatcher } = request;
  const headers = { authorization: `Bearer ${address.token}` };
  const init = { headers, ...(dispatcher !== undefined && { dispatcher }) };
  const response = await fetch(usersUrl(address, request), init as RequestInit);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`The simulator answered with ${response.status}.`);
  return text;
}

/** As the extension asks for it. */
export function usersUrl({ baseUrl, account, provider }: Address, { page = 1, filter }: BareRequest = {}): string {
  const query = new URLSearchParams({ ...filter, page: String(page), per_page: String(pageSize) });
  return `${baseUrl}/accounts/${account}/access/identity_providers/${provider}/scim/users?${query.toString()}`;
}
