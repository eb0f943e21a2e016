import vscode = require('vscode');
import type { Directory } from '../directory';
import type { Scope } from '../lookup';
import { quickPickLabel } from '../text';
import { keepOrder } from './newerQuickPick';
import type { Rows } from './rows';

interface ScopeItem extends vscode.QuickPickItem {
  readonly scope: Scope;
}

/** How the user left the picker: with a scope, back to the search, or by closing it. */
export type ScopeAnswer = { readonly scope: Scope } | 'back' | 'closed';

/** Asks which identity providers to search, in a quick pick of its own. VS Code hides the search box meanwhile. */
export class ScopePicker {
  private readonly pick: vscode.QuickPick<ScopeItem>;
  private readonly answered = Promise.withResolvers<ScopeAnswer>();

  constructor(
    window: Pick<typeof vscode.window, 'createQuickPick'>,
    private readonly directory: Directory,
    private readonly rows: Rows,
    private readonly current: Scope,
  ) {
    const pick = window.createQuickPick<ScopeItem>();
    this.pick = pick;
    pick.title = vscode.l10n.t('Filter by Identity Provider');
    pick.placeholder = vscode.l10n.t('Name of an account or identity provider');
    pick.buttons = [vscode.QuickInputButtons.Back];
    keepOrder(pick);
    this.update();
    pick.onDidTriggerButton(() => this.back());
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item) {
        this.answered.resolve({ scope: item.scope });
      }
    });
    pick.onDidHide(() => this.answered.resolve('closed'));
  }

  async ask(): Promise<ScopeAnswer> {
    this.pick.show();
    const answer = await this.answered.promise;
    this.pick.dispose();
    return answer;
  }

  /** Ends the picker without a choice. */
  back(): void {
    this.answered.resolve('back');
  }

  /** Lists the identity providers that are known now. */
  update(): void {
    const { pick, rows, current } = this;
    pick.items = scopes(this.directory).map((scope) => {
      const label = quickPickLabel(rows.scopeName(scope) ?? vscode.l10n.t('All identity providers'));
      return { scope, label, iconPath: new vscode.ThemeIcon(scope === current ? 'check' : 'blank') };
    });
    pick.activeItems = pick.items.filter(({ scope }) => scope === current);
  }
}

/** The choices: everywhere, each account if there are several, and each identity provider with SCIM. */
function scopes({ accounts }: Directory): Scope[] {
  return [
    undefined,
    ...accounts.flatMap((account): Scope[] => [
      ...(accounts.length > 1 ? [account] : []),
      ...(account.providers ?? []).filter(({ identityProvider }) => identityProvider.scimEnabled),
    ]),
  ];
}
