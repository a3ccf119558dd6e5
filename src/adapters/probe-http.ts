import type { IncomingMessage } from 'node:http';
import type { Probe, ProbeResult } from '../ports.ts';
import { Unanswered, locate, never, openRequest, phraseOf, pinned } from './guarded-request.ts';
import type { Address, GuardOptions } from './guarded-request.ts';
import { mayLead, problemOfUrl } from './probe-address.ts';
import type { Reach } from './probe-address.ts';

export interface ProbeOptions extends GuardOptions {
  readonly signal: AbortSignal;
}

type Asked = Parameters<Probe['get']>[0];

interface Question {
  readonly options: ProbeOptions;
  readonly check: Asked;
  readonly signal: AbortSignal;
}

/** As much of a body as `contains` is looked for in, in bytes. */
const BODY_LIMIT = 64 * 1024;
const REDIRECTS = 3;

const send = (url: URL, addresses: readonly Address[], signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const asked = openRequest(url, {
      agent: false,
      lookup: pinned(addresses),
      signal,
      headers: { 'user-agent': 'esteira', accept: '*/*', 'accept-encoding': 'identity', 'cache-control': 'no-cache' }
    });
    asked.once('response', resolve);
    asked.on('error', reject);
    asked.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Unanswered('protocol upgrade'));
    });
    asked.end();
  });

/** The text within the limit; the rest is never read. */
const readBody = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size >= BODY_LIMIT) break; // leaving the loop destroys the connection
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8');
};

/** Without `contains` the headers are the whole answer. */
const judge = async (response: IncomingMessage, contains: string | undefined): Promise<ProbeResult> => {
  const found = contains === undefined || (await readBody(response)).includes(contains);
  return { kind: 'answer', status: response.statusCode ?? 0, contains: found };
};

const redirectOf = (response: IncomingMessage, from: URL): URL | undefined => {
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw new Unanswered('redirect to no address');
  const target = new URL(location, from);
  if (from.protocol === 'https:' && target.protocol !== 'https:') throw new Unanswered('redirect from https to http');
  return target;
};

const optInOf = (check: Asked): string | undefined =>
  check.private === true ? undefined : 'verify.http.private: true';

const ask = async (start: URL, question: Question): Promise<ProbeResult> => {
  let url = start;
  let from: Reach = 'private';
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const problem = problemOfUrl(url.href);
    if (problem !== undefined) throw new Unanswered(problem);
    const { addresses, reach } = await locate(url, question.options, optInOf(question.check));
    if (!mayLead(from, reach)) throw new Unanswered('redirect to a private address');
    from = reach;
    const response = await send(url, addresses, question.signal);
    try {
      const next = redirectOf(response, url);
      if (next === undefined) return await judge(response, question.check.contains);
      url = next;
    } finally {
      response.destroy();
    }
  }
  throw new Unanswered(`more than ${REDIRECTS} redirects`);
};

const get = async (question: Question, seconds: number): Promise<ProbeResult> => {
  const {
    signal,
    check: { url }
  } = question;
  try {
    signal.throwIfAborted();
    const problem = problemOfUrl(url);
    if (problem !== undefined) throw new Unanswered(problem);
    // the resolver knows no deadline: the race gives it one
    return await Promise.race([ask(new URL(url), question), never(signal)]);
  } catch (error) {
    const cancelled = question.options.signal.aborted;
    const problem = signal.aborted ? (cancelled ? 'cancelled' : `timeout ${seconds} s`) : phraseOf(error);
    return { kind: 'no-answer', problem };
  }
};

/**
 * One GET of a health check: DNS asked once and the answer pinned, at most three redirects, 64 KB of body, all within the
 * time given. Private addresses are asked only where the check says so; metadata services and link-local ones never.
 * Proxies named in the environment are not used.
 */
export const createProbe = (options: ProbeOptions): Probe => ({
  get: (check, timeoutSeconds) => {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000))]);
    return get({ options, check, signal }, timeoutSeconds);
  }
});
