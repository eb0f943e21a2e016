import { csv } from './csv';
import { json, ndjson } from './json';
import type { Format } from './entry';

export type { Entry, Format, Part, Written } from './entry';

/** The formats of users and groups, by name. */
export const formats = { ndjson, json, csv } satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;
