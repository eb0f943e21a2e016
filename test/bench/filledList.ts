// The product's list of users, filled as it is filled from the network, from pages that are handed to it.
import { CloudflareApi } from '../../src/cloudflare/api';
import type { ApiRequest, Gate } from '../../src/cloudflare/gate';
import type { Answer } from '../../src/cloudflare/transport';
import { ScimUserList } from '../../src/directory/scimUserList';

/** A list behind the real API layer; in the place of the network stands `pageText`, which is given a page's number. */
export function listOver(pageText: (page: number) => string): ScimUserList {
  const headers = new Headers();
  const send = ({ query }: ApiRequest): Promise<Answer> => {
    const text = pageText(Number(query.get('page')));
    return Promise.resolve({ status: 200, headers, text, bytes: text.length });
  };
  const gate = { send } as unknown as Gate;
  const api = new CloudflareApi(gate, { credential: { scheme: 'token', token: '' }, origin: '' });
  return new ScimUserList(api, { accountId: 'account', identityProviderId: 'provider' });
}

/** Reads the whole list; throws where it does not come to its end with all users. */
export async function loadAll(list: ScimUserList, users: number): Promise<void> {
  await list.loadAll();
  const { count, isComplete } = list.coverage;
  if (count !== users || !isComplete)
    throw new Error(`${count} of ${users} users were read.`, { cause: list.readingError });
}
