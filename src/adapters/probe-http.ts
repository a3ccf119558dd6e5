import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Probe, ProbeResult } from '../ports.ts';
import { mayLead, problemOfUrl, reachOf } from './probe-address.ts';
import type { Reach } from './probe-address.ts';
import { codeOf } from './system-error.ts';

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Every address of a host name; default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
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

/** Ends a check with `no-answer`; its message is a phrase without text of others. */
class Unanswered extends Error {}

const systemResolve = (host: string): Promise<Address[]> => lookup(host, { all: true });

const addressesOf = async (host: string, options: ProbeOptions): Promise<readonly Address[]> => {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  return family === 0 ? (options.resolve ?? systemResolve)(host) : [{ address: literal, family }];
};

const order: readonly Reach[] = ['public', 'private', 'forbidden'];

const worstOf = (addresses: readonly Address[]): Address | undefined =>
  addresses.toSorted((a, b) => order.indexOf(reachOf(b.address)) - order.indexOf(reachOf(a.address)))[0];

/** The addresses to connect to, and how far inside they lead. One bad address among good ones condemns the name. */
const locate = async (
  url: URL,
  { options, check }: Question
): Promise<{ readonly addresses: readonly Address[]; readonly reach: Reach }> => {
  const addresses = await addressesOf(url.hostname, options);
  const worst = worstOf(addresses);
  if (worst === undefined) throw new Unanswered('no address');
  const reach = reachOf(worst.address);
  if (reach === 'forbidden') throw new Unanswered(`blocked address ${worst.address}`);
  if (reach === 'private' && check.private !== true)
    throw new Unanswered(`private address ${worst.address}, asked only with verify.http.private: true`);
  return { addresses, reach };
};

/** Connects only to what was checked: a name that resolves differently a moment later changes nothing. */
const pinned =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

/** Certificates are checked whatever `NODE_TLS_REJECT_UNAUTHORIZED` says. */
const openRequest = (url: URL, options: RequestOptions): ClientRequest =>
  url.protocol === 'https:' ? httpsRequest(url, { ...options, rejectUnauthorized: true }) : httpRequest(url, options);

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

const ask = async (start: URL, question: Question): Promise<ProbeResult> => {
  let url = start;
  let from: Reach = 'private';
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const problem = problemOfUrl(url.href);
    if (problem !== undefined) throw new Unanswered(problem);
    const { addresses, reach } = await locate(url, question);
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

/** A code of the system or of TLS; several attempts failed = the first says it. */
const phraseOf = (error: unknown): string => {
  if (error instanceof Unanswered) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return phraseOf(error.errors[0]);
  return codeOf(error) ?? 'no answer';
};

const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

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
