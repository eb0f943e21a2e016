import vscode = require('vscode');
import type { CloudflareClient, Exchange } from '../cloudflare';
import { DirectoryAccount } from '../directory';
import { failureOf, registerCommand } from '../ui';
import { errorLine } from './errorLine';
import { levelOf, maskedLine } from './maskedLine';

/** Registers the output channel *SCIM Explorer* and its commands. */
export function registerLog(client: CloudflareClient): RequestLog {
  return new RequestLog(client);
}

/** The output channel *SCIM Explorer*, with one line for each request. Created at first use. */
class RequestLog implements vscode.Disposable {
  private channel: vscode.LogOutputChannel | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor(client: CloudflareClient) {
    const onExchange = (exchange: Exchange) => {
      this.opened()[levelOf(exchange)](maskedLine(exchange));
    };
    client.on('exchange', onExchange);
    this.subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => client.off('exchange', onExchange)),
      registerCommand('scimExplorer.showLog', () => this.opened().show()),
      registerCommand('scimExplorer.showDetails', (argument) => this.showDetails(errorIn(argument))),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.channel?.dispose();
  }

  /** Logs the error again and opens the log, which shows its end: VS Code cannot reveal an earlier line. */
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

/** The error in a command's argument: the argument itself, the failure of an account, or the error of a row. */
function errorIn(argument: unknown): unknown {
  if (argument instanceof Error) {
    return argument;
  }
  const row = argument as { readonly error?: unknown } | null | undefined;
  return row instanceof DirectoryAccount ? failureOf(row) : row?.error;
}
