import type { Clock } from '../cloudflare';
import { type SearchableUser, UserIndex } from '../matching';
import { type Identified, Snapshot } from './list/snapshot';

/** An empty snapshot of SCIM users or groups. Its code is loaded with the first page. */
export function scimSnapshot<T extends Identified & SearchableUser>(clock: Clock, since: number): Snapshot<T> {
  return new Snapshot<T>(new UserIndex(), clock, since);
}
