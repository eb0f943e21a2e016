// npm run probe: asks an account of Cloudflare what the documentation of the API leaves open, by at most 50 GET requests, and prints a report
// without names, emails, ids or tokens.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { findings, type Finding } from './findings.mts';
import { ProbeClient } from './client.mts';

const { CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_BASE_URL } = process.env;

/** Milliseconds between two requests that show whether the end of the rate-limit window moves. */
const windowPauseMs = 4000;

export async function main(): Promise<number> {
  if (CLOUDFLARE_API_TOKEN === undefined || CLOUDFLARE_API_TOKEN === '') {
    console.error(
      'Set CLOUDFLARE_API_TOKEN to a token with "Access: Organizations, Identity Providers, and Groups Read", and CLOUDFLARE_ACCOUNT_ID if the token reaches several accounts.',
    );
    return 2;
  }
  const baseUrl = CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4';
  const client = new ProbeClient(baseUrl, CLOUDFLARE_API_TOKEN);
  let isComplete = true;
  const report = ({ question, answer }: Finding) => console.log(`${question}: ${answer}`);
  try {
    const pause = () => setTimeout(windowPauseMs);
    for await (const finding of findings(client, CLOUDFLARE_ACCOUNT_ID, { pause, random: randomUUID })) {
      report(finding);
    }
  } catch (error) {
    isComplete = false;
    console.log(`The probe ended early: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
  console.log(`Requests: ${client.sent} of at most ${client.most}`);
  return isComplete ? 0 : 1;
}

process.exitCode = await main();
