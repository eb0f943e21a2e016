import type { SimulatedAccount } from './accounts.mts';
import type { Behaviour } from './behaviour.mts';
import type { Credential, Credentials } from './credentials.mts';
import { failure, success, type Answer } from './envelope.mts';
import type { SimulatedIdentityProvider } from './identityProviders.mts';
import { pageAnswer, pageRequest } from './pages.mts';
import { scimGroups, scimUsers } from './scimLists.mts';
import { scimUpdates } from './updateLog.mts';

/** Everything an answer depends on besides the request. */
export interface World {
  readonly accounts: readonly SimulatedAccount[];
  readonly credentials: Credentials;
  readonly behaviour: Behaviour;
}

/** The base path of every call. */
export const basePath = '/client/v4';

interface Call {
  readonly world: World;
  readonly credential: Credential;
  readonly query: URLSearchParams;
}

type AccountCall = Call & { readonly account: SimulatedAccount };
type ProviderCall = AccountCall & { readonly provider: SimulatedIdentityProvider };

interface Route {
  /** Path below the base; `{…}` stands for one part. */
  readonly template: string;
  readonly answer: (call: Call, parts: readonly string[]) => Answer;
}

const routes: readonly Route[] = [
  { template: '/user/tokens/verify', answer: (call) => verifyToken(call, 'user') },
  { template: '/accounts', answer: listAccounts },
  {
    template: '/accounts/{account}',
    answer: onAccount(({ account }) => success(accountText(account)), 'accountSettings'),
  },
  { template: '/accounts/{account}/tokens/verify', answer: onAccount((call) => verifyToken(call, 'account'), 'none') },
  { template: '/accounts/{account}/access/identity_providers', answer: onAccount(listIdentityProviders) },
  {
    template: '/accounts/{account}/access/identity_providers/{id}',
    answer: onProvider(({ provider }) => success(JSON.stringify(provider))),
  },
  {
    template: '/accounts/{account}/access/identity_providers/{id}/scim/users',
    answer: onProvider(({ provider, query, world }) => scimUsers(provider, query, world.behaviour)),
  },
  {
    template: '/accounts/{account}/access/identity_providers/{id}/scim/groups',
    answer: onProvider(({ provider, query, world }) => scimGroups(provider, query, world.behaviour)),
  },
  {
    template: '/accounts/{account}/access/logs/scim/updates',
    answer: onAccount(({ account, query, world }) => scimUpdates(account.identityProviders, query, world.behaviour)),
  },
];

/** Which route a path is for, with its variable parts decoded. */
export function findRoute(path: string): { route: Route; parts: readonly string[] } | undefined {
  const sought = path.split('/');
  for (const route of routes) {
    const template = `${basePath}${route.template}`.split('/');
    const isSame = (part: string, at: number) => part === sought[at] || (part.startsWith('{') && sought[at] !== '');

    if (template.length === sought.length && template.every(isSame)) {
      const parts = sought.filter((_, at) => template[at]?.startsWith('{')).map(decoded);
      return { route, parts };
    }
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The answer to a request of somebody the simulator may or may not know. */
export function answerTo(
  world: World,
  path: string,
  query: URLSearchParams,
  credential: Credential | undefined,
): Answer {
  const found = findRoute(path);
  if (!found) {
    return noRoute(path);
  }

  const isVerification = path.endsWith('/tokens/verify');
  if (!credential) {
    return isVerification ? invalidToken() : failure(401, { code: 10000, message: 'Authentication error' });
  }
  if (!isVerification && world.credentials.statusOf(credential) !== 'active') {
    return failure(403, { code: 10000, message: 'Authentication error' });
  }
  return found.route.answer({ world, credential, query }, found.parts);
}

export function noRoute(path: string): Answer {
  const message = `Could not route to ${path}, perhaps your object identifier is invalid?`;
  return failure(404, { code: 7003, message }, { code: 7000, message: 'No route for that URI' });
}

function invalidToken(): Answer {
  return failure(401, { code: 1000, message: 'Invalid API Token' });
}

/** Answers for an account within the credential's reach; one that does not exist looks like one out of reach. */
function onAccount(
  answer: (call: AccountCall) => Answer,
  permission: keyof Credential['permissions'] | 'none' = 'access',
): Route['answer'] {
  return (call, [accountId = '']) => {
    if (!/^[0-9a-f]{32}$/.test(accountId)) {
      return noRoute(`${basePath}/accounts/${accountId}`);
    }

    const account = call.world.accounts.find(({ id }) => id === accountId);
    if (!account || !call.credential.accounts.includes(account.id)) {
      return failure(403, { code: 9109, message: 'Unauthorized to access requested resource' });
    }
    if (permission !== 'none' && !call.credential.permissions[permission]) {
      return failure(403, { code: 10000, message: 'Authentication error' });
    }
    return answer({ ...call, account });
  };
}

/** Answers for one provider of the account. What the API says to an id it does not have is stated nowhere: 404 here. */
function onProvider(answer: (call: ProviderCall) => Answer): Route['answer'] {
  return (call, [accountId = '', providerId = '']) =>
    onAccount((accountCall) => {
      const provider = accountCall.account.identityProviders.find(({ id }) => id === providerId);
      return provider
        ? answer({ ...accountCall, provider })
        : failure(404, { code: 12135, message: 'access.api.error.not_found: identity provider not found' });
    })(call, [accountId]);
}

/** Each kind of token is verified at its own address only. */
function verifyToken({ credential, world }: Call, kind: 'user' | 'account'): Answer {
  if (credential.kind === 'apiKey') {
    return failure(400, { code: 1001, message: 'Missing "Authorization" header' });
  }
  if (credential.kind !== kind) {
    return invalidToken();
  }

  const status = world.credentials.statusOf(credential);
  const result = { id: credential.id, status, ...(credential.expiresOn ? { expires_on: credential.expiresOn } : {}) };
  const messages = status === 'active' ? [{ code: 10000, message: 'This API Token is valid and active' }] : [];
  return success(JSON.stringify(result), undefined, messages);
}

function accountText({ id, name }: SimulatedAccount): string {
  return JSON.stringify({
    id,
    name,
    type: 'standard',
    settings: { enforce_twofactor: false, abuse_contact_email: null },
    created_on: '2022-03-01T09:00:00Z',
  });
}

function listAccounts({ world, credential, query }: Call): Answer {
  const isOwnedByAccount = credential.kind === 'account';
  if (isOwnedByAccount && world.behaviour.accountTokens === 'refuse') {
    return failure(400, { code: 1001, message: 'List accounts endpoint does not support account owned tokens.' });
  }

  const page = pageRequest(query, 20, Math.min(50, world.behaviour.maxPerPage));
  if ('status' in page) {
    return page;
  }

  const mine = world.accounts.filter(({ id }) => credential.accounts.includes(id));
  const visible = credential.permissions.accountSettings ? mine : [];
  const name = query.get('name')?.toLowerCase();
  const matches = visible.filter((account) => !name || account.name.toLowerCase() === name);
  const ordered = query.get('direction') === 'desc' ? matches.toReversed() : matches;

  return pageAnswer(page, world.behaviour.totals, {
    everyone: visible.length,
    matches: ordered.length,
    texts: (start, end) => (isOwnedByAccount ? ordered : ordered.slice(start, end)).map(accountText),
  });
}

function listIdentityProviders({ account, world, query }: AccountCall): Answer {
  const page = pageRequest(query, 100, world.behaviour.maxPerPage);
  if ('status' in page) {
    return page;
  }

  const all = account.identityProviders;
  const matches = query.get('scim_enabled') === 'true' ? all.filter(({ scimEnabled }) => scimEnabled) : all;
  return pageAnswer(page, world.behaviour.totals, {
    everyone: all.length,
    matches: matches.length,
    texts: (start, end) => matches.slice(start, end).map((provider) => JSON.stringify(provider)),
  });
}
