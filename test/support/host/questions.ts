import * as vscode from 'vscode';

/** A modal question as it was asked. */
export interface AskedQuestion {
  readonly message: string;
  readonly detail: string;
  readonly isModal: boolean;
  readonly actions: readonly string[];
}

/**
 * Answers modal questions while `work` runs, which the test host does not show: takes their action, or cancels them. Returns what was
 * asked; messages that are no questions are passed on.
 */
export async function answering(
  answer: 'take' | 'cancel',
  work: () => Thenable<unknown>,
): Promise<readonly AskedQuestion[]> {
  const asked: AskedQuestion[] = [];
  const { showWarningMessage } = vscode.window;
  const answered = (message: string, { modal = false, detail = '' }: vscode.MessageOptions, ...actions: string[]) => {
    asked.push({ message, detail, isModal: modal, actions });
    return Promise.resolve(answer === 'take' ? actions[0] : undefined);
  };
  Object.assign(vscode.window, { showWarningMessage: answered });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showWarningMessage });
  }
  return asked;
}
