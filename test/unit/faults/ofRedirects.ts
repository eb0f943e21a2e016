import type { NamedFault, Surroundings } from './types';

const sameOrigin = ({ baseUrl }: Surroundings) => `${baseUrl}/accounts`;
const anotherOrigin = ({ elsewhere }: Surroundings) => `${elsewhere}/client/v4/accounts`;

function redirect(
  status: 301 | 302 | 303 | 307 | 308,
  location: (surroundings: Surroundings) => string,
  scheme: 'token' | 'key',
): NamedFault {
  return {
    name: `redirect ${status} to ${location === sameOrigin ? 'the same origin' : 'another origin'}, with a ${scheme}`,
    effect: (surroundings) => ({ kind: 'redirect', status, location: location(surroundings) }),
    scheme,
    gives: { outcome: 'redirect', sent: 1, status },
  };
}

function odd(name: string, status: number, headers: Record<string, string>): NamedFault {
  return { name, effect: { kind: 'fixed', status, headers }, gives: { outcome: 'redirect', sent: 1, status } };
}

/** The answer points elsewhere. Every status and both schemes, to both sorts of places. */
export const redirectFaults: readonly NamedFault[] = [
  redirect(301, sameOrigin, 'token'),
  redirect(302, anotherOrigin, 'token'),
  redirect(303, sameOrigin, 'key'),
  redirect(307, anotherOrigin, 'key'),
  redirect(308, anotherOrigin, 'token'),
  odd('redirect to nowhere', 302, {}),
  odd('redirect to what is no address', 302, { location: 'http://[' }),
  odd('redirect to a file', 302, { location: 'file:///etc/passwd' }),
  odd('300 Multiple Choices', 300, {}),
  odd('304 Not Modified', 304, {}),
];
