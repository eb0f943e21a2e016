import vscode = require('vscode');
import { quickInputPrompt, quickPickDetail, quickPickLabel } from '../text';
import { explain, type Explanation } from '../ui';
import { lengthProblem } from './problems';
import type { QuestionWindow } from './question';

/** The part of `vscode.window` that the sign-in uses; tests hand in their own. */
export type PromptWindow = Pick<typeof vscode.window, 'createInputBox' | 'createQuickPick'> & QuestionWindow;

/** What working on an answer came to: the step's result, or words that say what is wrong with the answer. */
export type Outcome<T> = { readonly result: T } | { readonly problem: Explanation };

/** The step's result, or how the person left it. */
export type Answered<T> = { readonly result: T } | 'back' | 'cancelled';

interface StepOptions<A, T> {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack?: boolean;
  /** Works on an answer while the box shows that it does; a rejection is told in the box, and what was typed stays. */
  readonly submit: (answer: A, signal: AbortSignal) => Promise<Outcome<T>>;
}

export interface TextStep<T> extends StepOptions<string, T> {
  /** Asked for again after each answer that was worked on. */
  readonly prompt: () => string;
  readonly placeholder: string;
  readonly password?: boolean;
  readonly value?: string;
  /** What is wrong with a text as typed so far; undefined for nothing. */
  readonly check: (text: string) => Explanation | undefined;
  /** Texts that Enter takes although something is wrong with them. */
  readonly isAllowed?: (text: string) => boolean;
  readonly link?: { readonly tooltip: string; readonly url: string };
  /** Buttons beside the box: each ends the step with a result, or fills the box. */
  readonly actions?: readonly StepAction<T>[];
}

export interface StepAction<T> {
  /** A codicon. */
  readonly icon: string;
  readonly tooltip: string;
  readonly run: () => { readonly result: T } | { readonly text: string };
}

export interface PickStep<I extends vscode.QuickPickItem, T> extends StepOptions<I, T> {
  readonly placeholder: string;
  readonly items: readonly I[];
}

/** Asks for a text in an input box. */
export function askText<T>(window: PromptWindow, options: TextStep<T>): Promise<Answered<T>> {
  const box = window.createInputBox();
  const linkButton = options.link && { iconPath: new vscode.ThemeIcon('link-external'), tooltip: options.link.tooltip };
  const actionButtons = new Map(
    (options.actions ?? []).map((action): [vscode.QuickInputButton, StepAction<T>] => [
      { iconPath: new vscode.ThemeIcon(action.icon), tooltip: action.tooltip },
      action,
    ]),
  );
  Object.assign(box, {
    prompt: options.prompt(),
    placeholder: options.placeholder,
    password: options.password ?? false,
    value: options.value ?? '',
    buttons: [...(linkButton ? [linkButton] : []), ...actionButtons.keys()],
  });
  const tell = (problem: Explanation | undefined) => {
    const text = problem && [problem.what, problem.next].join(' ').trim();
    box.validationMessage = text && quickInputPrompt(text);
  };
  // What is too long is looked at no further.
  const check = (text: string) => lengthProblem(text) ?? options.check(text);
  const submit = async (text: string, signal: AbortSignal) => {
    try {
      return await options.submit(text, signal);
    } finally {
      box.prompt = options.prompt();
    }
  };
  return run(
    box,
    { ...options, submit },
    {
      answer: () => {
        const problem = check(box.value);
        tell(problem);
        const isAllowed = lengthProblem(box.value) === undefined && options.isAllowed?.(box.value);
        return problem === undefined || isAllowed ? box.value : undefined;
      },
      tell,
      press: (button) => {
        const outcome = actionButtons.get(button)?.run();
        if (outcome && 'text' in outcome) {
          box.value = outcome.text;
          tell(check(outcome.text));
          return undefined;
        }
        return outcome;
      },
      listen: [
        box.onDidChangeValue((text) => tell(text === '' ? undefined : check(text))),
        box.onDidTriggerButton((button) => {
          if (button === linkButton && options.link) {
            void vscode.env.openExternal(vscode.Uri.parse(options.link.url, true));
          }
        }),
      ],
    },
  );
}

/** Asks to choose one of some items; a problem with the choice is told in a row above them. */
export function askPick<I extends vscode.QuickPickItem, T>(
  window: PromptWindow,
  options: PickStep<I, T>,
): Promise<Answered<T>> {
  const pick = window.createQuickPick<I | vscode.QuickPickItem>();
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.items = options.items;
  return run(pick, options, {
    answer: () => options.items.find((item) => item === pick.activeItems[0]),
    tell: (problem) => {
      const [active] = pick.activeItems;
      pick.items = problem === undefined ? options.items : [problemItem(problem), ...options.items];
      pick.activeItems = active && pick.items.includes(active) ? [active] : options.items.slice(0, 1);
    },
    press: () => undefined,
    listen: [],
  });
}

function problemItem({ what, next }: Explanation): vscode.QuickPickItem {
  return { label: `$(error) ${quickPickLabel(what)}`, detail: quickPickDetail(next), alwaysShow: true };
}

interface Handlers<A, T> {
  /** The answer as it stands, or undefined where there is none to work on. */
  readonly answer: () => A | undefined;
  readonly tell: (problem: Explanation | undefined) => void;
  /** What a button other than Back ends the step with; undefined for one that does not. */
  readonly press: (button: vscode.QuickInputButton) => { readonly result: T } | undefined;
  readonly listen: readonly vscode.Disposable[];
}

/** What input boxes and quick picks have in common: steps, back, busy, cancel at any moment. */
async function run<A, T>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  options: StepOptions<A, T>,
  { answer, tell, press, listen }: Handlers<A, T>,
): Promise<Answered<T>> {
  const abort = new AbortController();
  input.title = options.title;
  input.step = options.step;
  input.totalSteps = options.totalSteps;
  // A token is fetched from another window: the box must still be there when its owner comes back.
  input.ignoreFocusOut = true;
  if (options.canGoBack) {
    input.buttons = [vscode.QuickInputButtons.Back, ...input.buttons];
  }
  const work = async (given: A): Promise<Outcome<T> | undefined> => {
    input.busy = true;
    input.enabled = false;
    try {
      return await options.submit(given, abort.signal);
    } catch (error) {
      return abort.signal.aborted ? undefined : { problem: explain(error) };
    } finally {
      input.busy = false;
      input.enabled = true;
    }
  };

  const subscriptions = [...listen];
  try {
    return await new Promise<Answered<T>>((resolve) => {
      subscriptions.push(
        input.onDidHide(() => resolve('cancelled')),
        input.onDidTriggerButton((button) => {
          const pressed = button === vscode.QuickInputButtons.Back ? 'back' : press(button);
          if (pressed) {
            resolve(pressed);
          }
        }),
        input.onDidAccept(async () => {
          const given = answer();
          const outcome = given === undefined || input.busy ? undefined : await work(given);
          if (outcome && 'result' in outcome) {
            resolve(outcome);
          } else if (outcome) {
            tell(outcome.problem);
          }
        }),
      );
      input.show();
    });
  } finally {
    abort.abort();
    subscriptions.forEach((subscription) => void subscription.dispose());
    input.dispose();
  }
}
