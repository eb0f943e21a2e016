/** The envelope around every answer: `{success, errors, messages, result, result_info?}`. */

/** An answer before it is compressed and sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface ApiError {
  readonly code: number;
  readonly message: string;
  readonly documentation_url?: string;
  readonly source?: { readonly pointer?: string };
  /** What lies behind the error; only some errors bring it. */
  readonly error_chain?: readonly { readonly code: number; readonly message: string }[];
}

export interface ResultInfo {
  readonly count: number;
  readonly page: number;
  readonly per_page: number;
  readonly total_count?: number;
  readonly total_pages?: number;
}

export const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

/**
 * A success. `result` is JSON text, not an object: some users hold numbers and repeated keys that no object can hold.
 */
export function success(result: string, info?: ResultInfo, messages: readonly ApiError[] = []): Answer {
  const resultInfo = info ? `,"result_info":${JSON.stringify(info)}` : '';
  const body = `{"success":true,"errors":[],"messages":${JSON.stringify(messages)},"result":${result}${resultInfo}}`;
  return { status: 200, headers: jsonHeaders, body };
}

/** A refusal, with the result null as the API gives it. */
export function failure(status: number, ...errors: ApiError[]): Answer {
  return { status, headers: jsonHeaders, body: JSON.stringify({ success: false, errors, messages: [], result: null }) };
}
