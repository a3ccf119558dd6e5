import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Posted } from '../domain/announcement.ts';
import type { Webhooks } from '../ports/announcing.ts';
import { Unanswered, locate, never, openRequest, phraseOf, pinned } from './guarded-request.ts';
import type { Address, GuardOptions } from './guarded-request.ts';
import { problemOfUrl } from './probe-address.ts';

export interface WebhookOptions extends GuardOptions {
  readonly signal: AbortSignal;
  /** Where the addresses stand. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A certificate authority besides the system's. */
  readonly ca?: string;
}

const SECONDS = 15;

/** A message goes out encrypted or not at all. */
const addressOf = (text: string): URL => {
  const problem = problemOfUrl(text);
  if (problem !== undefined) throw new Unanswered(problem);
  const url = new URL(text);
  if (url.protocol !== 'https:') throw new Unanswered('the address must start with https');
  return url;
};

interface Outgoing {
  readonly url: URL;
  readonly addresses: readonly Address[];
  readonly body: string;
  readonly options: RequestOptions;
  /** Called when the receiver has proven who it is: from then on it may have taken the message. */
  readonly connected: () => void;
}

const send = ({ url, addresses, body, options, connected }: Outgoing): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = {
      'user-agent': 'esteira',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body))
    };
    const asked = openRequest(url, { ...options, method: 'POST', agent: false, lookup: pinned(addresses), headers });
    asked.once('socket', (socket) => socket.once('secureConnect', connected));
    asked.once('response', resolve);
    asked.on('error', reject);
    asked.end(body);
  });

/** Redirects are not followed: they would carry the message, and perhaps the secret, to somebody else. */
const judged = (response: IncomingMessage): Posted => {
  const status = response.statusCode ?? 0;
  response.destroy();
  if (status >= 200 && status < 300) return { kind: 'sent' };
  // a server that broke may have passed the message on before
  return { kind: 'failed', problem: `status ${status}`, unsent: status < 500 };
};

interface Attempt {
  readonly options: WebhookOptions;
  readonly signal: AbortSignal;
  /** Whether anything may have reached the receiver. */
  sent: boolean;
}

const post = async (attempt: Attempt, text: string, body: string): Promise<Posted> => {
  const { options, signal } = attempt;
  const url = addressOf(text);
  const { addresses } = await locate(url, options);
  const { ca } = options;
  const connected = (): void => {
    attempt.sent = true;
  };
  const request = { signal, ...(ca === undefined ? {} : { ca }) };
  return judged(await send({ url, addresses, body, options: request, connected }));
};

const tried = async (attempt: Attempt, text: string, body: string): Promise<Posted> => {
  const { options, signal } = attempt;
  try {
    signal.throwIfAborted();
    return await Promise.race([post(attempt, text, body), never(signal)]);
  } catch (error) {
    const cancelled = options.signal.aborted;
    const problem = signal.aborted ? (cancelled ? 'cancelled' : `timeout ${SECONDS} s`) : phraseOf(error);
    return { kind: 'failed', problem, unsent: !attempt.sent };
  }
};

/**
 * One POST of JSON, never repeated, by the rules of the health check, but also inside a private network: the address is a
 * secret that somebody with the right to settings wrote, it is asked by https alone, and only the status of the answer is
 * told. What it says of a failure holds no address.
 */
export const createWebhooks = (options: WebhookOptions): Webhooks => {
  const addressIn = (variable: string): string => options.environment[variable]?.trim() ?? '';
  return {
    knows: (variable) => addressIn(variable) !== '',
    post: ({ variable, body }) => {
      const signal = AbortSignal.any([options.signal, AbortSignal.timeout(SECONDS * 1000)]);
      return tried({ options, signal, sent: false }, addressIn(variable), body);
    }
  };
};
