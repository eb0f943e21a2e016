import vscode = require('vscode');
import type { Exchange, Gate } from '../cloudflare/gate';
import { registerCommand } from '../commands/commands';
import { maskedLine } from './maskedLine';

/** The output channel *SCIM Explorer*: a line a request at debug level. Made when it is first needed. */
export class RequestLog implements vscode.Disposable {
  private channel: vscode.LogOutputChannel | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor(gate: Gate) {
    const onExchange = (exchange: Exchange) => {
      const hasFailed = !/^[23]/.test(exchange.outcome);
      this.opened()[hasFailed ? 'warn' : 'debug'](maskedLine(exchange));
    };
    gate.on('exchange', onExchange);
    this.subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => gate.off('exchange', onExchange)),
      registerCommand('scimExplorer.showLog', () => this.opened().show()),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.channel?.dispose();
  }

  private opened(): vscode.LogOutputChannel {
    this.channel ??= vscode.window.createOutputChannel('SCIM Explorer', { log: true });
    return this.channel;
  }
}
