/**
 * The one long-lived undici agent, made at the first request. `isLeftOut` is asked before each: with `http.proxySupport` set
 * to `on`, VS Code takes a dispatcher as a reason to go past the company's proxy.
 */
export function longLivedAgent(isLeftOut: () => boolean): () => Promise<unknown> {
  let agent: Promise<unknown> | undefined;
  const load = async () => {
    try {
      const { default: Agent } = await import('undici/lib/dispatcher/agent.js');
      return new Agent();
    } catch (error) {
      // The next request tries again.
      agent = undefined;
      throw error;
    }
  };
  return async () => (isLeftOut() ? undefined : (agent ??= load()));
}
