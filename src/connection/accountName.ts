import { shownName } from '../text';

/** An account's name, or its id where it has none, as it stands beside other text. */
export function accountName({ id, name }: { readonly id: string; readonly name: string }): string {
  return shownName(name || id);
}
