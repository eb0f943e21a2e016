import { EventEmitter } from 'node:events';
import type { ScimResource } from '../cloudflare';
import { AccountNotConnectedError, ResourceNotFoundError } from './errors';
import type { ProvisioningHistory } from './provisioningHistory';
import type { DirectoryAccount } from './account';
import type { DirectoryProvider, FoundResource } from './provider';
import {
  isSameId,
  type IdentityProviderReference,
  type ResourceReference,
  scimIdOf,
  scimKindOf,
  type ScimReference,
  scimReference,
} from './reference';

/** Where the connected accounts come from: read at the first need, never at activation. */
export interface AccountSource {
  /** The accounts as they are now; an account that has not changed is the same object. */
  load(): Promise<readonly DirectoryAccount[]>;
}

/**
 * The connected accounts.
 *
 * Emits `change` when the list changes.
 */
export class Directory extends EventEmitter<{ change: [] }> {
  private known: readonly DirectoryAccount[] = [];
  private loading: Promise<readonly DirectoryAccount[]> | undefined;

  constructor(private readonly source: AccountSource) {
    super();
  }

  /** The accounts read so far, without asking. */
  get accounts(): readonly DirectoryAccount[] {
    return this.known;
  }

  /** The connected accounts. The first call reads them; after a failure the next call does. */
  ensureAccounts(): Promise<readonly DirectoryAccount[]> {
    this.loading ??= this.load(() => undefined);
    return this.loading;
  }

  /** Reads the connections again, after one was added or removed. The requests of removed ones are aborted. */
  async reload(): Promise<void> {
    await this.load(() => this.emit('change'));
  }

  /** @param onChange Called if the list changed. Of overlapping readings only the last one calls it. */
  private load(onChange: () => void): Promise<readonly DirectoryAccount[]> {
    const loading = this.source.load().then(
      (accounts) => {
        // A newer reading has begun: callers of this one get its result.
        if (this.loading !== loading) {
          return this.ensureAccounts();
        }
        const before = this.known;
        before.filter((account) => !accounts.includes(account)).forEach((gone) => gone.dispose());
        this.known = accounts;
        const isSame = accounts.length === before.length && accounts.every((account, i) => account === before[i]);
        if (!isSame) {
          onChange();
        }
        return accounts;
      },
      (error: unknown) => {
        if (this.loading === loading) {
          this.loading = undefined;
        }
        throw error;
      },
    );
    this.loading = loading;
    return loading;
  }

  /** A connected account; throws AccountNotConnectedError. */
  async account(accountId: string): Promise<DirectoryAccount> {
    const accounts = await this.ensureAccounts();
    const account = accounts.find(({ id }) => isSameId(id, accountId));
    if (account === undefined) {
      throw new AccountNotConnectedError(accountId);
    }
    return account;
  }

  /** An identity provider that has been read already. */
  loadedProvider({ accountId, identityProviderId }: IdentityProviderReference): DirectoryProvider | undefined {
    return this.known.find(({ id }) => isSameId(id, accountId))?.provider(identityProviderId);
  }

  /** An identity provider. Reads the account's providers if that has not been done; throws AccountNotConnectedError. */
  async provider({ accountId, identityProviderId }: IdentityProviderReference): Promise<DirectoryProvider | undefined> {
    const account = await this.account(accountId);
    await account.ensureProviders();
    return account.provider(identityProviderId);
  }

  /** A user or group that has been read already. */
  loadedResource(reference: ScimReference): ScimResource | undefined {
    const list = this.loadedProvider(reference)?.list(scimKindOf(reference));
    const id = scimIdOf(reference);
    return list?.find(id) ?? list?.find(id.toLowerCase());
  }

  /** The provisioning history of an identity provider, or of one of its users or groups; throws what `fetchResource` throws. */
  async fetchHistory(
    reference: ResourceReference,
  ): Promise<ProvisioningHistory & { readonly owner: ScimResource | undefined }> {
    const account = await this.account(reference.accountId);
    const resource = scimReference(reference);
    // The external id and the email are needed to find the entries of failed requests.
    const owner = resource && (this.loadedResource(resource) ?? (await resourceOrId(account, resource)));
    return { ...(await account.fetchHistory(reference, owner)), owner };
  }

  /** A user or group as the server has it now; throws AccountNotConnectedError or what the account throws. */
  async fetchResource(reference: ScimReference, signal?: AbortSignal): Promise<FoundResource> {
    const account = await this.account(reference.accountId);
    return account.fetchResource(reference, { signal });
  }
}

/** A user or group that the identity provider has deleted is known by Cloudflare's id only. */
async function resourceOrId(account: DirectoryAccount, reference: ScimReference): Promise<ScimResource> {
  try {
    return (await account.fetchResource(reference)).data;
  } catch (error) {
    if (error instanceof ResourceNotFoundError) {
      const nothing = { id: scimIdOf(reference), meta: {} };
      return scimKindOf(reference) === 'user' ? { ...nothing, emails: [], schemas: [] } : nothing;
    }
    throw error;
  }
}
