import vscode = require('vscode');
import { shownName, tooltip } from '../text';

/** Maximum characters of a value in a tooltip. */
const mostInTooltip = 300;
/** Maximum values of one kind in a tooltip. */
const mostListed = 10;

/**
 * Lines of `label: value`; those without a value are left out. Plain text, not Markdown, which would turn a name that looks like a web address
 * into a link.
 */
export function tooltipOf(lines: readonly (readonly [what: string, value: string | undefined])[]): string {
  return tooltip(lines.flatMap(([what, value]) => (value ? vscode.l10n.t('{0}: {1}', what, value) : [])));
}

/** A value for `tooltipOf`; undefined if it is missing or empty. */
export function named(value: string | undefined): string | undefined {
  return value ? shownName(value, mostInTooltip) : undefined;
}

/** Names separated by commas, without those beyond the first ten. */
export function listed(names: readonly string[]): string {
  return [...names.slice(0, mostListed), ...(names.length > mostListed ? ['…'] : [])].join(', ');
}
