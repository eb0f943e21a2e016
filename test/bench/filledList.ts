// The product's list of users, filled as it is filled from the network, from pages that are handed to it.
import { setTimeout } from 'node:timers/promises';
import { CloudflareApi } from '../../src/cloudflare/endpoints';
import type { Answer, ApiRequest } from '../../src/cloudflare/request';
import { Sender } from '../../src/cloudflare/sender';
import { Transport } from '../../src/cloudflare/transport';
import { type ScimUserList, scimUserList } from '../../src/directory/scimLists';

const origin = 'http://127.0.0.1';

/** Stands in the place of the network. */
class PagesInMemory extends Sender {
  private readonly headers = new Headers();

  /** @param pageText The text of the answer with a page, by its number, from 1. */
  constructor(private readonly pageText: (page: number) => string) {
    const fetch = () => Promise.reject(new Error('Nothing is sent.'));
    super(new Transport({ fetch, dispatcher: () => Promise.resolve(undefined) }), () => new URL(origin));
  }

  override send({ query }: ApiRequest): Promise<Answer> {
    const text = this.pageText(Number(query.get('page')));
    return Promise.resolve({ status: 200, headers: this.headers, text, bytes: text.length });
  }
}

/** A list behind the real API layer. */
export function listOver(pageText: (page: number) => string): ScimUserList {
  const api = new CloudflareApi(new PagesInMemory(pageText), { credential: { scheme: 'token', token: '' }, origin });
  return scimUserList(api, { accountId: 'account', identityProviderId: 'provider' });
}

/** Reads the whole list; throws where it does not come to its end with all users. */
export async function loadAll(list: ScimUserList, users: number): Promise<void> {
  await list.whole.read();
  const { count, state } = list.coverage;
  if (count !== users || state !== 'complete')
    throw new Error(`${count} of ${users} users were read.`, { cause: list.whole.error });
}

/** Waits until the index of a whole list is signed. */
export async function signed(list: ScimUserList): Promise<void> {
  while (list.whole.snapshots.complete?.isSigned === false) await setTimeout(1);
}
