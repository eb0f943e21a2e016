import { failure } from '../simulator/envelope.mts';
import type { Fault } from '../simulator/simulator.mts';

/** The answer is an error envelope with this status and code. */
export function refusal(status: number, code = 7000, headers: Record<string, string> = {}): Fault['effect'] {
  const answer = failure(status, { code, message: 'No.' });
  return { kind: 'fixed', status, headers: { ...answer.headers, ...headers }, body: answer.body };
}
