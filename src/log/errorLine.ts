import { CloudflareError } from '../cloudflare';
import { logLine } from '../text';
import { explainInOne } from '../ui';
import { shownRay } from './maskedLine';

/**
 * An error as a line of the log: `GET /accounts/{account_id}/…: server (status 500, code 7), cf-ray 8f…: ` and its words. Ids are
 * placeholders. What Cloudflare says itself is left out: it may repeat what was asked for, and the log is written to a file.
 */
export function errorLine(error: unknown): string {
  if (!(error instanceof CloudflareError)) {
    return logLine(explainInOne(error));
  }
  const { failure, message } = error;
  const facts = [message, shownRay(failure.ray)].filter((fact) => fact !== undefined).join(', ');
  return logLine(`${facts}: ${explainInOne(new CloudflareError({ ...failure, apiMessage: undefined }))}`);
}
