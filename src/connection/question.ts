import type vscode = require('vscode');
import { modal } from '../text';

/** The part of `vscode.window` that shows modal dialogs. Tests pass their own, since the test host shows none. */
export interface QuestionWindow {
  showWarningMessage(
    message: string,
    options: vscode.MessageOptions,
    ...actions: string[]
  ): Thenable<string | undefined>;
}

/** Asks in a modal dialog with one action and Cancel. @returns Whether the user chose the action. */
export async function isConfirmed(
  window: QuestionWindow,
  message: string,
  detail: string,
  action: string,
): Promise<boolean> {
  return (await window.showWarningMessage(modal(message), { modal: true, detail: modal(detail) }, action)) === action;
}
