import type { NamedFault, Surroundings } from './types';

const statuses = [301, 302, 303, 307, 308] as const;
const schemes = ['token', 'key'] as const;

const targets: Record<string, (surroundings: Surroundings) => string> = {
  'the same origin': ({ baseUrl }) => `${baseUrl}/accounts`,
  'another origin': ({ elsewhere }) => `${elsewhere}/client/v4/accounts`,
};

function odd(name: string, status: number, headers: Record<string, string>): NamedFault {
  return { name, effect: { kind: 'fixed', status, headers }, gives: { outcome: 'redirect', sent: 1, status } };
}

/** The answer points elsewhere. */
export const redirectFaults: readonly NamedFault[] = [
  ...statuses.flatMap((status) =>
    Object.entries(targets).flatMap(([where, location]) =>
      schemes.map((scheme): NamedFault => ({
        name: `redirect ${status} to ${where}, with a ${scheme}`,
        effect: (surroundings) => ({ kind: 'redirect', status, location: location(surroundings) }),
        scheme,
        gives: { outcome: 'redirect', sent: 1, status },
      })),
    ),
  ),
  odd('redirect to nowhere', 302, {}),
  odd('redirect to what is no address', 302, { location: 'http://[' }),
  odd('redirect to a file', 302, { location: 'file:///etc/passwd' }),
  odd('300 Multiple Choices', 300, {}),
  odd('304 Not Modified', 304, {}),
];
