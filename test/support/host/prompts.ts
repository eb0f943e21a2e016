import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { plain, Session } from './session';
import { until } from '../until.mts';

/** VS Code's own input boxes and quick picks, kept from their creation until they hide, so that a test can type into them. */
export class Prompts {
  private opened: (vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>)[] = [];

  readonly window = {
    createInputBox: () => this.remember(vscode.window.createInputBox()),
    createQuickPick: <T extends vscode.QuickPickItem>() => this.remember(vscode.window.createQuickPick<T>()),
    // See `answering`.
    showWarningMessage: (message: string, options: vscode.MessageOptions, ...actions: string[]) =>
      vscode.window.showWarningMessage(message, options, ...actions),
  };

  /** The newest input box with this title. */
  async box(title: RegExp): Promise<vscode.InputBox> {
    return (await this.latest(title, (input) => 'validationMessage' in input)) as vscode.InputBox;
  }

  async pick(title: RegExp): Promise<vscode.QuickPick<vscode.QuickPickItem>> {
    return (await this.latest(title, (input) => 'items' in input)) as vscode.QuickPick<vscode.QuickPickItem>;
  }

  /** Types a text and presses Enter. */
  async enter(input: vscode.InputBox, text: string): Promise<void> {
    input.value = text;
    await acceptInput();
  }

  get latestPlaceholder(): string {
    return this.opened.at(-1)?.placeholder ?? '';
  }

  get latestPrompt(): string {
    const input = this.opened.at(-1);
    return input && 'prompt' in input ? (input.prompt ?? '') : '';
  }

  /** Types into the box that opened last, and presses Enter. */
  async enterLatest(text: string): Promise<void> {
    const input = this.opened.at(-1);
    if (input) {
      input.value = text;
    }
    await acceptInput();
  }

  /** The words below an input box, once there are some. */
  words(box: vscode.InputBox): Promise<string> {
    return until('words below the box', () => {
      const message = box.validationMessage;
      return plain(typeof message === 'object' ? message.message : message);
    });
  }

  private async latest(title: RegExp, isKind: (input: object) => boolean) {
    return until(`a prompt ${String(title)}`, () => {
      const input = this.opened.at(-1);
      return input && title.test(`${input.title ?? ''} ${input.step ?? ''}`) && isKind(input) ? input : undefined;
    });
  }

  private remember<T extends vscode.QuickInput>(input: T): T {
    const box = input as unknown as vscode.InputBox;
    this.opened.push(box);
    box.onDidHide(() => (this.opened = this.opened.filter((other) => other !== box)));
    return input;
  }
}

export async function acceptInput(): Promise<void> {
  // VS Code sends a value that was just set at the end of this turn of the event loop; the command travels behind it.
  await setTimeout(0);
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

export async function closeInput(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
}

/** One session for all tests of a suite; before each everything is as new, and after each no box is open. */
export function inFrontOfPrompts(setUp: (session: Session, prompts: Prompts) => Promise<void> | void): void {
  let session: Session;

  before(async () => {
    session = await Session.start();
  });
  beforeEach(async () => {
    await session.reset();
    await setUp(session, new Prompts());
  });
  afterEach(closeInput);
  after(() => session.end());
}
