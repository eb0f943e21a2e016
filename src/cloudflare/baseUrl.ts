export type BaseUrlProblem = 'notAUrl' | 'notHttps' | 'hasUserInfo' | 'hasQuery' | 'hasFragment';

export class InvalidBaseUrlError extends Error {
  constructor(
    readonly problem: BaseUrlProblem,
    readonly value: string,
  ) {
    super(`The API base URL is refused: ${problem}`);
    this.name = 'InvalidBaseUrlError';
  }
}

/**
 * The API's address, as the setting `scimExplorer.apiBaseUrl` gives it, with its path kept and no slash at the end; throws InvalidBaseUrlError
 * for anything that is not safe. Whoever sets it receives the token.
 */
export function parseBaseUrl(setting: unknown): URL {
  const value = typeof setting === 'string' ? setting : '';
  let url: URL;
  try {
    url = new URL(value.trim());
  } catch {
    throw new InvalidBaseUrlError('notAUrl', value);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopbackHosts.includes(url.hostname))) {
    throw new InvalidBaseUrlError('notHttps', value);
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidBaseUrlError('hasUserInfo', value);
  }
  // `search` and `hash` are empty for a lone "?" or "#", which is refused all the same.
  if (url.search !== '' || value.includes('?')) {
    throw new InvalidBaseUrlError('hasQuery', value);
  }
  if (url.hash !== '' || value.includes('#')) {
    throw new InvalidBaseUrlError('hasFragment', value);
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/**
 * The hosts that `http:` may go to, as `URL` normalises them. No others of this machine: VS Code's proxy code spares exactly these, and
 * would send a request to `127.0.0.2`, token included, in plain text to `http.proxy`.
 */
const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
