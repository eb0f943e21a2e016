// Sends the requests of the probe: GET only, and not more than its budget.

/** A JSON response, as far as the probe looks at it. */
export interface ProbeAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for a body that is not JSON. */
  readonly body: ProbeBody | undefined;
}

export interface ProbeBody {
  readonly success?: boolean;
  readonly result?: unknown;
  readonly result_info?: { readonly page?: unknown; readonly per_page?: unknown; readonly total_count?: unknown };
  readonly errors?: readonly { readonly code?: unknown }[];
}

const timeoutMs = 30_000;

export class ProbeClient {
  readonly most = 50;
  sent = 0;
  readonly #baseUrl: string;
  readonly #token: string;

  constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  /** Throws an error without personal data if the budget is used up or the server gives no answer. */
  async get(path: string, query: readonly (readonly [string, string])[] = []): Promise<ProbeAnswer> {
    if (this.sent >= this.most) {
      throw new Error(`the budget of ${this.most} requests is used up`);
    }
    this.sent++;
    const url = new URL(this.#baseUrl.replace(/\/$/, '') + path);
    query.forEach(([name, value]) => url.searchParams.append(name, value));
    let response: Response;
    try {
      response = await fetch(url, {
        headers: { Accept: 'application/json', Authorization: `Bearer ${this.#token}` },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new Error('the server gave no answer');
    }
    const text = await response.text();
    let body: ProbeBody | undefined;
    try {
      body = JSON.parse(text) as ProbeBody;
    } catch {
      body = undefined;
    }
    return { status: response.status, headers: response.headers, body };
  }
}
