import type { Clock, ScimUser } from '../cloudflare';
import { UserIndex } from '../matching';
import { Snapshot } from './list/snapshot';

/** An empty snapshot of SCIM users. Its code is loaded with the first page. */
export function scimUserSnapshot(clock: Clock, since: number): Snapshot<ScimUser> {
  return new Snapshot<ScimUser>(new UserIndex(), clock, since);
}
