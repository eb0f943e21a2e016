export { openSignIn, registerConnection } from './commands';
export { ConnectedAccounts } from './connectedAccounts';
export { ConnectionStore } from './connectionStore';
export type { Environment } from './credentialSteps';
export type { PromptWindow } from './prompts';
