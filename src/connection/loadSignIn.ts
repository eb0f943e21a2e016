import { CloudflareApi } from '../cloudflare/api';
import { isRefusal } from '../cloudflare/errors';
import type { Gate } from '../cloudflare/gate';
import { explain } from '../messages/explain';
import type { ConnectionStore } from './connectionStore';
import type { PromptWindow } from './prompts';
import type { Environment } from './credentialSteps';
import type { SignIn } from './signIn';

/** The sign-in, loaded when somebody connects. */
export async function loadSignIn(
  window: PromptWindow,
  gate: Gate,
  store: ConnectionStore,
  environment: Environment,
): Promise<SignIn> {
  const { SignIn } = await import('./signIn.js');
  const open = (credential: ConstructorParameters<typeof CloudflareApi>[1]['credential']) => {
    const { origin } = gate;
    return { origin, api: new CloudflareApi(gate, { credential, origin }) };
  };
  return new SignIn({ window, explain, origin: () => gate.origin, open, isRefusal }, store, environment);
}
