import vscode = require('vscode');
import type { CloudflareClient, Exchange } from '../cloudflare';
import { type Directory, DirectoryAccount } from '../directory';
import { confirm, registerCommand } from '../ui';
import { errorLine } from './errorLine';
import { logLoads } from './loads';
import { levelOf, maskedLine } from './maskedLine';

/** Registers the output channel *SCIM Explorer* and its commands. */
export function registerLog(client: CloudflareClient, directory: Directory, version: unknown): RequestLog {
  return new RequestLog(client, directory, version);
}

/** Failed requests that *Copy Diagnostics* names. */
const mostFailures = 10;

/** The output channel *SCIM Explorer*, with one line for each request. Created at first use. */
class RequestLog implements vscode.Disposable {
  private channel: vscode.LogOutputChannel | undefined;
  private readonly subscriptions: vscode.Disposable;
  /** The lines of the last failed requests, latest last. */
  private readonly failures: string[] = [];

  constructor(client: CloudflareClient, directory: Directory, version: unknown) {
    const followLoads = logLoads(directory, (line) => this.opened().info(line));
    const onExchange = (exchange: Exchange) => {
      followLoads();
      const [level, line] = [levelOf(exchange), maskedLine(exchange)];
      this.opened()[level](line);
      if (level === 'warn') {
        this.failures.push(line);
        this.failures.splice(0, this.failures.length - mostFailures);
      }
    };
    const onWait = (_: string, waitMs: number, isKept: boolean) => {
      const seconds = Math.ceil(waitMs / 1000);
      this.opened().info(
        waitMs === 0
          ? 'Requests no longer wait for the rate limit'
          : `Requests wait ${seconds} s for the rate limit${isKept ? ', whose last requests are kept for other clients' : ''}`,
      );
    };
    const onAccounts = () => this.opened().info(`Connected accounts: ${directory.accounts.length}`);
    client.on('heldBack', onWait);
    directory.on('change', onAccounts);
    client.on('exchange', onExchange);
    this.subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => {
        client.off('exchange', onExchange).off('heldBack', onWait);
        directory.off('change', onAccounts);
      }),
      registerCommand('scimExplorer.copyDiagnostics', async () => {
        const { diagnostics } = await import('./diagnostics');
        await vscode.env.clipboard.writeText(diagnostics(directory, version, this.failures));
        confirm(vscode.l10n.t('Copied versions, settings and counts, without ids and names'));
      }),
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
  return row instanceof DirectoryAccount ? row.failure : row?.error;
}
