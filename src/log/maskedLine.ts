import type { Exchange } from '../cloudflare';

/** Queries whose values say nothing of a person. */
const open = new Set(['page', 'per_page']);

/** A header is untrusted: anything but the form that Cloudflare uses would let it write lines of its own. */
export function shownRay(ray: string | undefined): string | undefined {
  return ray !== undefined && /^[\w-]{1,60}$/.test(ray) ? `cf-ray ${ray}` : undefined;
}

/** Whoever gave a request up knows; what failed is seen without the level *Debug*. */
export function levelOf({ outcome }: Exchange): 'warn' | 'debug' {
  return /^([23]|cancelled$)/.test(outcome) ? 'debug' : 'warn';
}

/**
 * A request as a line of the log: `GET /accounts/{account_id}/… page=1 email=… → 200, 34 ms, 4123 bytes, cf-ray 8f…, 1180 left`. Ids
 * in paths are placeholders, every value of the query but the page is masked, and no header but the two that are named is in it.
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
