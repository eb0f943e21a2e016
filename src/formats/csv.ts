import { stringify } from 'csv-stringify/sync';
import { primaryEmail } from '../directory';
import type { Entry, Format } from './entry';

const columns: Readonly<Record<string, (entry: Pick<Entry, 'data' | 'provider'>) => string | undefined>> = {
  id: ({ data }) => data.id,
  type: ({ data }) => ('emails' in data ? 'user' : 'group'),
  display_name: ({ data }) => data.displayName,
  email: ({ data }) => primaryEmail(data),
  other_emails: ({ data }) => otherEmails(data).join(' '),
  active: ({ data }) => ('active' in data ? String(data.active) : undefined),
  external_id: ({ data }) => data.externalId,
  created: ({ data }) => data.meta.created,
  last_modified: ({ data }) => data.meta.lastModified,
  identity_provider: ({ provider }) => provider.name,
  identity_provider_id: ({ provider }) => provider.identityProvider.id,
  account_id: ({ provider }) => provider.account.id,
};
const names = Object.keys(columns);
const values = Object.values(columns);

/** The beginnings of cells that a spreadsheet takes for a formula: those that csv-stringify escapes. */
const formula = /^[-=+@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** RFC 4180 with a head. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export const csv: Format = (entries, { isFirst }) => {
  let changed = 0;
  // Each reading of `data` may decode it anew.
  const rows = entries.map(({ provider, data }) =>
    values.map((value) => {
      const cell = value({ provider, data }) ?? '';
      changed += formula.test(cell) ? 1 : 0;
      return cell;
    }),
  );
  const text = stringify(isFirst ? [names, ...rows] : rows, { escape_formulas: true, record_delimiter: 'windows' });
  return { text, changed };
};

function otherEmails(data: Entry['data']): string[] {
  const primary = primaryEmail(data);
  const all = 'emails' in data ? data.emails.flatMap(({ value }) => value ?? []) : [];
  return all.filter((email) => email !== primary);
}
