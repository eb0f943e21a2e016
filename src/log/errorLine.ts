import { CloudflareError } from '../cloudflare';
import { logLine } from '../text';
import { explainInOne } from '../ui';
import { shownRay } from './maskedLine';

/**
 * The log line of an error: `GET /accounts/{account_id}/…: server (status 500, code 7), cf-ray 8f…: ` and its explanation. Cloudflare's own
 * message is left out: it may repeat personal data of the request, and the log is written to a file.
 */
export function errorLine(error: unknown): string {
  if (!(error instanceof CloudflareError)) {
    return logLine(explainInOne(error));
  }
  const { failure, message } = error;
  const facts = [message, shownRay(failure.ray)].filter((fact) => fact !== undefined).join(', ');
  return logLine(`${facts}: ${explainInOne(new CloudflareError({ ...failure, apiMessage: undefined }))}`);
}
