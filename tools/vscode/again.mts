import { patience } from '../patience.mts';

const attempts = 5;
/** Milliseconds that a step of one attempt may take. */
const attemptPatience = patience(10_000);

/**
 * Opens something that closes when it loses the focus, such as a palette or a menu, as often as a person would.
 * @param act Does it, with a limit in milliseconds for what it waits for; rejects where it has closed.
 */
export async function again(act: (timeout: number) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await act(attemptPatience);
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}
