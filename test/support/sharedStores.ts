import type { Memento, SecretStorage } from 'vscode';
import { ConnectionStore } from '../../src/connection/connectionStore';

/** What can go wrong at one of the steps of a window: it ends there, or the operation fails, before it has an effect or after. */
export interface Interruption {
  readonly step: number;
  readonly kind: 'endsBefore' | 'endsAfter' | 'failsBefore' | 'failsAfter';
}

type Change = Parameters<Parameters<SecretStorage['onDidChange']>[0]>[0];

/** The stores of a VS Code, on its disk: what every window shares, and what is left when all of them are closed. */
export class SharedStores {
  readonly secrets = new Map<string, string>();
  /** `globalState` as one value, as VS Code writes it. */
  state: Readonly<Record<string, unknown>> = {};
  readonly windows = new Set<StoreWindow>();

  constructor(
    /** Whether SecretStorage lists its keys: since VS Code 1.106. */
    readonly hasKeys: boolean,
    /** Gives the turn to others; each effect on a store has a turn of its own. */
    readonly turn: () => Promise<void> = () => Promise.resolve(),
  ) {}

  open(interruptions: readonly Interruption[] = []): StoreWindow {
    const window = new StoreWindow(this, interruptions);
    this.windows.add(window);
    return window;
  }

  /** The keys of the secrets under our prefix. */
  get keys(): string[] {
    return [...this.secrets.keys()].filter((key) => key.startsWith('scimExplorer.connection.')).sort();
  }
}

/** One window: its own copy of the state, which it writes as a whole and which follows the others' a turn later. */
export class StoreWindow {
  readonly store: ConnectionStore;
  private state: Readonly<Record<string, unknown>>;
  private readonly listeners: ((change: Change) => unknown)[] = [];
  /** What was asked of each store last: VS Code does one after the other. */
  private lastOfSecrets: Promise<unknown> = Promise.resolve();
  private lastOfState: Promise<unknown> = Promise.resolve();
  private steps = 0;
  private isOver = false;

  constructor(
    private readonly shared: SharedStores,
    private readonly interruptions: readonly Interruption[],
  ) {
    this.state = shared.state;
    this.store = new ConnectionStore(this.secretStorage(), this.memento());
    this.store.onDidChange(() => undefined);
  }

  private secretStorage(): ConstructorParameters<typeof ConnectionStore>[0] {
    const { secrets, hasKeys } = this.shared;
    const step = <T>(effect: () => T, changedKey?: string): Promise<T> => {
      const done = this.lastOfSecrets.then(() => this.step(effect, changedKey));
      this.lastOfSecrets = done.catch(() => undefined);
      return done;
    };
    return {
      get: (key) => step(() => secrets.get(key)),
      store: (key, value) => step(() => void secrets.set(key, value), key),
      delete: (key) => step(() => void secrets.delete(key), key),
      onDidChange: ((listener: (change: Change) => unknown) => void this.listeners.push(listener)) as never,
      ...(hasKeys && { keys: () => step(() => [...secrets.keys()]) }),
    };
  }

  private memento(): Pick<Memento, 'get' | 'update'> {
    return {
      get: (key: string) => this.state[key] as undefined,
      update: (key, value: unknown) => {
        this.state = Object.freeze({ ...this.state, [key]: value });
        const written = this.state;
        const write = () => {
          this.shared.state = written;
          for (const other of this.shared.windows) {
            if (other !== this) {
              void this.shared.turn().then(() => (other.state = this.shared.state));
            }
          }
        };
        const done = this.lastOfState.then(() => this.step(write));
        this.lastOfState = done.catch(() => undefined);
        return done;
      },
    };
  }

  /** One operation of a store, with an effect at one moment; a change of a secret is told to every window. */
  private async step<T>(effect: () => T, changedKey?: string): Promise<T> {
    const number = this.steps++;
    const kind = this.interruptions.find(({ step }) => step === number)?.kind;
    await this.shared.turn();
    await this.interrupt(kind === 'endsBefore', kind === 'failsBefore');
    const result = effect();
    if (changedKey !== undefined) {
      for (const { listeners, isOver } of this.shared.windows) {
        listeners.filter(() => !isOver).forEach((listener) => void listener({ key: changedKey }));
      }
    }
    await this.shared.turn();
    await this.interrupt(kind === 'endsAfter', kind === 'failsAfter');
    return result;
  }

  private async interrupt(ends: boolean, fails: boolean): Promise<void> {
    this.isOver ||= ends;
    if (this.isOver) {
      // A window that is gone never goes on.
      await new Promise(() => undefined);
    }
    if (fails) {
      throw new Error('The store failed');
    }
  }
}
