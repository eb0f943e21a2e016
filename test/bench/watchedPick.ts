// A quick pick of VS Code's own that tells when its text changed and when it was handed rows.
import * as vscode from 'vscode';

/** What was set, and when by `performance.now()`. */
interface Change {
  readonly value: string;
  readonly at: number;
}

export class WatchedPick {
  /** The last change of the text, as the extension was told of it. */
  change: Change | undefined;
  private readonly waiting = new Set<(items: readonly vscode.QuickPickItem[], at: number) => void>();
  private constructor(readonly pick: vscode.QuickPick<vscode.QuickPickItem>) {}

  /** Hands a window out whose quick picks are watched; the one that is made last is given to `made`. */
  static window(made: (pick: WatchedPick) => void): Pick<typeof vscode.window, 'createQuickPick'> {
    return {
      createQuickPick: <T extends vscode.QuickPickItem>() => {
        const real = vscode.window.createQuickPick<T>();
        const watch = new WatchedPick(real);
        made(watch);
        return watch.around(real);
      },
    };
  }

  /**
   * Types a text. @returns Milliseconds from the extension's being told of it until it had handed over rows that `isWanted` takes; undefined
   * where none came in time.
   */
  async type(
    value: string,
    isWanted: (items: readonly vscode.QuickPickItem[]) => boolean,
    patienceMs: number,
  ): Promise<number | undefined> {
    return new Promise((resolve) => {
      const settle = (milliseconds: number | undefined) => {
        clearTimeout(limit);
        this.waiting.delete(look);
        resolve(milliseconds);
      };
      const look = (items: readonly vscode.QuickPickItem[], at: number) => {
        if (this.change?.value === value && isWanted(items)) settle(at - this.change.at);
      };
      const limit = setTimeout(() => settle(undefined), patienceMs);
      this.waiting.add(look);
      this.pick.value = value;
    });
  }

  private around<T extends vscode.QuickPickItem>(real: vscode.QuickPick<T>): vscode.QuickPick<T> {
    return new Proxy(real, {
      get: (target, name) => {
        if (name === 'onDidChangeValue') return this.watchedEvent(target.onDidChangeValue);
        const property: unknown = Reflect.get(target, name, target);
        return typeof property === 'function' ? (property.bind(target) as unknown) : property;
      },
      set: (target, name, value) => {
        const isSet = Reflect.set(target, name, value, target);
        if (name === 'items') {
          const at = performance.now();
          [...this.waiting].forEach((look) => look(value as vscode.QuickPickItem[], at));
        }
        return isSet;
      },
    });
  }

  private watchedEvent(event: vscode.Event<string>): vscode.Event<string> {
    return (listener, ...others) =>
      event(
        (value) => {
          // VS Code repeats a text that was set by the extension.
          if (this.change?.value !== value) this.change = { value, at: performance.now() };
          listener(value);
        },
        ...others,
      );
  }
}
