import { CloudflareError } from './errors';

/**
 * An id as a part of a path. Throws `notFound` for an id that no object has: `.` and `..` would lead to another endpoint, even encoded, and
 * a lone surrogate cannot be encoded.
 */
export function pathPart(id: string): string {
  if (id === '.' || id === '..' || id === '' || !id.isWellFormed()) {
    throw new CloudflareError({ reason: 'notFound', endpoint: 'GET /accounts/{account_id}' });
  }
  return encodeURIComponent(id);
}
