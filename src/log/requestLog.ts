import vscode = require('vscode');
import type { Exchange, Gate } from '../cloudflare';
import { DirectoryAccount } from '../directory';
import { failureOf, registerCommand } from '../ui';
import { errorLine } from './errorLine';
import { levelOf, maskedLine } from './maskedLine';

/** The output channel *SCIM Explorer*: a line a request at debug level. Made when it is first needed. */
export class RequestLog implements vscode.Disposable {
  private channel: vscode.LogOutputChannel | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor(gate: Gate) {
    const onExchange = (exchange: Exchange) => {
      this.opened()[levelOf(exchange)](maskedLine(exchange));
    };
    gate.on('exchange', onExchange);
    this.subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => gate.off('exchange', onExchange)),
      registerCommand('scimExplorer.showLog', () => this.opened().show()),
      registerCommand('scimExplorer.showDetails', (argument) => this.showDetails(errorIn(argument))),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.channel?.dispose();
  }

  /** Writes a line of the error and opens the log, which shows its end: no API leads to an earlier line. */
  private showDetails(error: unknown): void {
    const channel = this.opened();
    if (error !== undefined) {
      channel.error(vscode.l10n.t('Details of the error: {0}', errorLine(error)));
    }
    channel.show();
  }

  private opened(): vscode.LogOutputChannel {
    this.channel ??= vscode.window.createOutputChannel('SCIM Explorer', { log: true });
    return this.channel;
  }
}

/** The error that a command was called with: itself, what an account failed with, or that of a row which stands for one. */
function errorIn(argument: unknown): unknown {
  if (argument instanceof Error) {
    return argument;
  }
  const row = argument as { readonly error?: unknown } | null | undefined;
  return row instanceof DirectoryAccount ? failureOf(row) : row?.error;
}
