import vscode = require('vscode');
import { quickInputPrompt, quickPickDetail, quickPickLabel } from '../text';
import { explain, type Explanation } from '../ui';
import { lengthProblem } from './problems';
import type { QuestionWindow } from './question';

/** The part of `vscode.window` that the sign-in uses. Tests pass their own. */
export type PromptWindow = Pick<typeof vscode.window, 'createInputBox' | 'createQuickPick'> & QuestionWindow;

/** The result of a step, or the problem with the user's input. */
export type Outcome<T> = { readonly result: T } | { readonly problem: Explanation };

/** The result of a step, or how the user left it. */
export type Answered<T> = { readonly result: T } | 'back' | 'cancelled';

interface StepOptions<A, T> {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack?: boolean;
  /** Processes the user's input, while the box shows progress. A rejection is shown in the box, and the input stays. */
  readonly submit: (answer: A, signal: AbortSignal) => Promise<Outcome<T>>;
}

export interface TextStep<T> extends StepOptions<string, T> {
  /** Called again after each input that was processed. */
  readonly prompt: () => string;
  readonly placeholder: string;
  readonly password?: boolean;
  readonly value?: string;
  /** The problem with the current input, if any. */
  readonly check: (text: string) => Explanation | undefined;
  /** Whether Enter accepts an input that has a problem. */
  readonly isAllowed?: (text: string) => boolean;
  readonly link?: { readonly tooltip: string; readonly url: string };
  /** Buttons in the box. Each ends the step with a result, or fills in a text. */
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
  /** Items that come later and stand first. Without any of them the step ends with `withoutMore`. Never rejects. */
  readonly more?: { readonly items: Promise<readonly I[]>; readonly withoutMore: T };
  /** The result for a text in the box that is meant for the next step, such as a pasted token; undefined for any other. */
  readonly forNext?: (text: string) => T | undefined;
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
  // A text that is too long is not checked further.
  const check = (text: string) => lengthProblem(text) ?? options.check(text);
  if (box.value !== '') {
    tell(check(box.value));
  }
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

/** Asks to select an item. A problem with it is shown in a row above the items. */
export function askPick<I extends vscode.QuickPickItem, T>(
  window: PromptWindow,
  options: PickStep<I, T>,
): Promise<Answered<T>> {
  const pick = window.createQuickPick<I | vscode.QuickPickItem>();
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  // Else VS Code ignores `activeItems` that are set together with new items.
  pick.keepScrollPosition = true;
  let items = options.items;
  pick.items = items;
  pick.busy = options.more !== undefined;
  const { items: later, withoutMore } = options.more ?? {};
  const { promise: early, resolve } = Promise.withResolvers<{ readonly result: T }>();
  void later?.then((more) => {
    items = [...more, ...items];
    pick.items = items;
    pick.activeItems = items.slice(0, 1);
    pick.busy = false;
    if (more.length === 0 && withoutMore !== undefined) {
      resolve({ result: withoutMore });
    }
  });
  const handlers: Handlers<I, T> = {
    answer: () => items.find((item) => item === pick.activeItems[0]),
    tell: (problem) => {
      const [active] = pick.activeItems;
      pick.items = problem === undefined ? items : [problemItem(problem), ...items];
      pick.activeItems = active && pick.items.includes(active) ? [active] : items.slice(0, 1);
    },
    press: () => undefined,
    listen: [
      pick.onDidChangeValue((text) => {
        const result = options.forNext?.(text);
        if (result !== undefined) {
          pick.value = '';
          resolve({ result });
        }
      }),
    ],
    early,
  };
  return run(pick, options, handlers);
}

function problemItem({ what, next }: Explanation): vscode.QuickPickItem {
  return {
    label: quickPickLabel(what),
    detail: quickPickDetail(next),
    iconPath: new vscode.ThemeIcon('error'),
    alwaysShow: true,
  };
}

interface Handlers<A, T> {
  /** The current input; undefined if it cannot be processed. */
  readonly answer: () => A | undefined;
  readonly tell: (problem: Explanation | undefined) => void;
  /** The result with which a button other than Back ends the step; undefined if it does not end it. */
  readonly press: (button: vscode.QuickInputButton) => { readonly result: T } | undefined;
  readonly listen: readonly vscode.Disposable[];
  /** A result that ends the step without the user. */
  readonly early?: Promise<{ readonly result: T }>;
}

/** The common part of input boxes and quick picks: steps, Back, progress, and cancelling at any moment. */
async function run<A, T>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  options: StepOptions<A, T>,
  { answer, tell, press, listen, early }: Handlers<A, T>,
): Promise<Answered<T>> {
  const abort = new AbortController();
  input.title = options.title;
  input.step = options.step;
  input.totalSteps = options.totalSteps;
  // The box stays open while the user copies a token from another window.
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
      void early?.then(resolve);
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
