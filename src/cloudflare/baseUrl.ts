export type BaseUrlProblem = 'notAUrl' | 'notHttps' | 'hasUserInfo' | 'hasQuery' | 'hasFragment';

export class InvalidBaseUrlError extends Error {
  constructor(
    readonly problem: BaseUrlProblem,
    readonly value: string,
  ) {
    super(`Invalid API base URL: ${problem}`);
    this.name = 'InvalidBaseUrlError';
  }
}

/**
 * Parses the setting `scimExplorer.apiBaseUrl`, the address that requests and the token go to. Keeps the path, without a slash at the end.
 * Throws InvalidBaseUrlError for an address that is not safe.
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
  // A lone "?" or "#" is refused as well, although `search` and `hash` are empty for it.
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
 * Hosts that `http:` is allowed for, as `URL` normalises them. VS Code's proxy code bypasses the proxy for exactly these: a request to
 * `127.0.0.2` would be sent to `http.proxy` in plain text, token included.
 */
const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
