import { isSilence, isSpoiling } from './faults.ts';
import type { Met } from './faults.ts';

/** What goes over the wire, before a fault spoils it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const DOCUMENTATION = 'https://docs.github.com/rest';
const LIMITS = `${DOCUMENTATION}/using-the-rest-api/rate-limits-for-the-rest-api`;

export const jsonAnswer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }) },
  body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body))
});

/** GitHub's form of a refusal. */
export const refusalBody = (status: number, message: string, errors?: readonly unknown[]): unknown => ({
  message,
  ...(errors === undefined ? {} : { errors }),
  documentation_url: DOCUMENTATION,
  status: String(status)
});

const retryAfter = ({ retryAfterSeconds = 1 }: Met): Record<string, string> =>
  retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };

const limited = (status: number, message: string, headers: Readonly<Record<string, string>>): Answer =>
  jsonAnswer(status, { message, documentation_url: `${LIMITS}#about-secondary-rate-limits` }, headers);

const page = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from(`<!DOCTYPE html><html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>`)
});

export const primaryLimit = (reset: number): Answer =>
  jsonAnswer(
    403,
    { message: 'API rate limit exceeded for installation.', documentation_url: LIMITS },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }
  );

/** The answer a fault gives in place of the real one; undefined when it only spoils the real one. */
export const faultAnswer = (met: Met, now: Date): Answer | undefined => {
  const { kind } = met;
  if (isSilence(kind) || isSpoiling(kind)) return undefined;
  switch (kind) {
    case 500:
    case 502:
    case 503:
      return kind === 502 ? page(502, 'Bad Gateway') : jsonAnswer(kind, { message: 'Server Error' });
    case 'starter':
      return page(502, 'Bad Gateway');
    case 'html':
      return page(200, 'Unicorn!');
    case 'empty':
      return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: Buffer.alloc(0) };
    case '429':
      return limited(429, 'Too Many Requests', retryAfter(met));
    case 'secondary-403':
      return limited(403, 'You have exceeded a secondary rate limit. Please wait a few minutes.', retryAfter(met));
    case 'primary-403':
      return primaryLimit(Math.floor(now.getTime() / 1000) + (met.retryAfterSeconds ?? 1));
  }
};
