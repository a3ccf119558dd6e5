import * as v from 'valibot';
import type { Refused, Reply } from './reply.ts';
import { oneLine } from './text.ts';

type Headers = Readonly<Record<string, unknown>>;

const failureShape = v.object({
  status: v.number(),
  response: v.object({ headers: v.record(v.string(), v.unknown()), data: v.unknown() })
});

const detailShape = v.union([
  v.pipe(
    v.string(),
    v.transform((message) => ({ code: undefined, message }))
  ),
  v.object({ code: v.optional(v.string()), message: v.optional(v.string()) })
]);
const bodyShape = v.object({ message: v.string(), errors: v.optional(v.array(v.unknown()), []) });
const causeShape = v.object({ cause: v.object({ code: v.string() }) });
const messageShape = v.object({ message: v.string() });

/** Nothing reached the server: no connection was made. */
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

const textOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

/** The server's own clock, for ours may be off by hours. */
const serverNow = (headers: Headers, now: Date): number => {
  const date = Date.parse(textOf(headers, 'date') ?? '');
  return Number.isNaN(date) ? now.getTime() : date;
};

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
const retryAfter = (headers: Headers, now: Date): number | undefined => {
  const text = textOf(headers, 'retry-after');
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - serverNow(headers, now)) / 1000);
};

/** Until the primary limit is reset; a second more, for the header has no fractions. */
const untilReset = (headers: Headers, now: Date): number | undefined => {
  const reset = Number(textOf(headers, 'x-ratelimit-reset') ?? Number.NaN);
  if (textOf(headers, 'x-ratelimit-remaining') !== '0' || Number.isNaN(reset)) return undefined;
  return Math.max(0, reset - serverNow(headers, now) / 1000) + 1;
};

const FORBIDDEN = /resource not accessible by|must have (admin|push|write) (rights|access)|requires? .*permission/i;

/** `deployments=write; contents=read,...` -> `deployments: write` (the first set is enough for us). */
const accepted = (headers: Headers): { permission?: string } => {
  const sets = textOf(headers, 'x-accepted-github-permissions') ?? '';
  const names = [...(sets.split(';')[0] ?? '').matchAll(/([a-z_]+)=(read|write|admin)/g)];
  if (names.length === 0) return {};
  return { permission: names.map(([, name = '', level = '']) => `${name.replaceAll('_', '-')}: ${level}`).join(', ') };
};

interface Said {
  readonly message: string;
  readonly codes: readonly string[];
}

const saidIn = (data: unknown): Said => {
  const body = v.safeParse(bodyShape, data);
  if (!body.success) return { message: typeof data === 'string' ? oneLine(data) : '', codes: [] };
  const details = body.output.errors.flatMap((each) => {
    const detail = v.safeParse(detailShape, each);
    return detail.success ? [detail.output] : [];
  });
  const codes = details.flatMap(({ code }) => (code === undefined ? [] : [code]));
  const texts = details.flatMap(({ code, message }) => message ?? code ?? []);
  return { message: oneLine([body.output.message, ...texts].join('; ')), codes };
};

export interface Failure {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

type Limited = Extract<Reply<never>, { kind: 'limited' }>;

const limitIn = ({ status, headers }: Failure, { message }: Said, now: Date): Limited | undefined => {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = retryAfter(headers, now) ?? untilReset(headers, now);
  const secondary = status === 429 || /secondary rate limit|abuse detection/i.test(message);
  if (seconds === undefined && !secondary) return undefined;
  return {
    kind: 'limited',
    ...(seconds === undefined ? {} : { seconds }),
    problem: `${status} rate limit: ${message}`
  };
};

const refusedBy = ({ status, headers }: Failure, said: Said): Refused => ({
  kind: 'refused',
  status,
  ...said,
  ...accepted(headers),
  forbidden: status === 403 && FORBIDDEN.test(said.message)
});

/** What an answer of 4xx or 5xx means. */
export const classify = (failure: Failure, now: Date): Reply<never> => {
  const said = saidIn(failure.data);
  const refused = refusedBy(failure, said);
  if (refused.forbidden) return refused;
  const limited = limitIn(failure, said, now);
  if (limited !== undefined) return limited;
  if (failure.status < 500 && failure.status !== 408) return refused;
  const seconds = retryAfter(failure.headers, now);
  const problem = `${failure.status} ${said.message}`.trim();
  return { kind: 'unsure', sent: true, ...(seconds === undefined ? {} : { seconds }), problem };
};

const codeOf = (error: unknown): string | undefined => {
  const direct = v.safeParse(causeShape, error);
  if (direct.success) return direct.output.cause.code;
  const wrapped = v.safeParse(v.object({ cause: causeShape }), error);
  return wrapped.success ? wrapped.output.cause.cause.code : undefined;
};

type Clean = (data: unknown) => unknown;

/** What an error thrown by a request means: an HTTP failure, or no answer at all. `clean` takes secrets out of what was said. */
export const classifyError = (error: unknown, now: Date, clean: Clean = (data) => data): Reply<never> => {
  const failure = v.safeParse(failureShape, error);
  if (failure.success) {
    const { status, response } = failure.output;
    return classify({ status, headers: response.headers, data: clean(response.data) }, now);
  }
  const code = codeOf(error);
  const message = v.safeParse(messageShape, error);
  const problem = code ?? (message.success ? oneLine(message.output.message) : 'no answer');
  return { kind: 'unsure', sent: code === undefined || !UNSENT.includes(code), problem: `no answer (${problem})` };
};
