import type { Exchange } from '../cloudflare';

/** Query parameters whose values are not personal data. */
const open = new Set(['page', 'per_page']);

/** The ray id for a log line. The header is untrusted: any other form is left out, since it could add lines to the log. */
export function shownRay(ray: string | undefined): string | undefined {
  return ray !== undefined && /^[\w-]{1,60}$/.test(ray) ? `cf-ray ${ray}` : undefined;
}

/** Failures are shown at the default log level; successes and requests that the user cancelled are not. */
export function levelOf({ outcome }: Exchange): 'warn' | 'debug' {
  return /^([23]|cancelled$)/.test(outcome) ? 'debug' : 'warn';
}

/**
 * The log line of a request: `GET /accounts/{account_id}/… page=1 email=… → 200, 34 ms, 4123 bytes, cf-ray 8f…, 1180 requests left`. Ids in
 * the path are placeholders, and the values of all query parameters except the page are masked.
 */
export function maskedLine({ endpoint, query, outcome, milliseconds, bytes, ray, remaining }: Exchange): string {
  const asked = [...query].map(([name, value]) => `${name}=${open.has(name) ? value : '…'}`);
  const facts = [
    outcome,
    `${Math.round(milliseconds)} ms`,
    `${bytes} bytes`,
    shownRay(ray),
    remaining === undefined ? undefined : `${remaining} requests left`,
  ];
  return `${[endpoint, ...asked].join(' ')} → ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}
