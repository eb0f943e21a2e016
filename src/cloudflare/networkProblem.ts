/**
 * Why a connection failed, as far as the user can do something about it. `proxyUnreachable`: nothing listens at the proxy's address, or
 * its name cannot be resolved. `proxyRefused`: the proxy answered, but did not connect.
 */
export type NetworkProblem =
  | 'untrustedCertificate'
  | 'expiredCertificate'
  | 'wrongHost'
  | 'proxyUnreachable'
  | 'proxyRefused'
  | 'proxyPassword'
  | 'unknownHost'
  | 'offline'
  | 'other';

export interface NetworkFailure {
  readonly networkProblem: NetworkProblem;
  /** Node's code, or for example `HTTP 403` if a proxy answered. */
  readonly networkCode: string | undefined;
}

/** Properties of Node's errors; any may be missing. */
interface Details {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Problems that a retry cannot solve. */
const lasting: readonly NetworkProblem[] = [
  'untrustedCertificate',
  'expiredCertificate',
  'wrongHost',
  'proxyRefused',
  'proxyPassword',
];

export function isLasting(problem: NetworkProblem | undefined): boolean {
  return problem !== undefined && lasting.includes(problem);
}

/** Analyses an error of `fetch` for this URL. The cause is wrapped in "fetch failed", behind a proxy more than once. */
export function networkFailure(error: unknown, { hostname, port, protocol }: URL): NetworkFailure {
  let innermost: Details = {};
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const details: Details = current;
    if (typeof details.code === 'string') {
      innermost = details;
    }
    // An AggregateError has an error for each address that was tried; the first is as good as the others.
    current = Array.isArray(details.errors) ? (details.errors as unknown[])[0] : details.cause;
  }
  const code = typeof innermost.code === 'string' ? innermost.code : undefined;
  const [, status] = /^Proxy response \((\d+)\)/.exec(String(innermost.message)) ?? [];
  if (status !== undefined) {
    return { networkProblem: status === '407' ? 'proxyPassword' : 'proxyRefused', networkCode: `HTTP ${status}` };
  }

  const ownPort = Number(port) || (protocol === 'https:' ? 443 : 80);
  const isElsewhere = (innermost.hostname ?? hostname) !== hostname || (innermost.port ?? ownPort) !== ownPort;
  const problem = problemOf(code ?? '');
  const isProxy = isElsewhere && (problem === 'unknownHost' || problem === 'offline');
  return { networkProblem: isProxy ? 'proxyUnreachable' : problem, networkCode: code };
}

function problemOf(code: string): NetworkProblem {
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) {
    return 'expiredCertificate';
  }
  if (/^(UNABLE_TO_(GET_ISSUER|VERIFY)|SELF_SIGNED|DEPTH_ZERO|CERT_|INVALID_CA$)/.test(code)) {
    return 'untrustedCertificate';
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'wrongHost';
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return 'unknownHost';
  }
  return /^E(CONNREFUSED|NETUNREACH|NETDOWN|HOSTUNREACH|HOSTDOWN|ADDRNOTAVAIL|TIMEDOUT)$|^UND_ERR_CONNECT_TIMEOUT$/.test(
    code,
  )
    ? 'offline'
    : 'other';
}
