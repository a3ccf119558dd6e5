import type { Snapshot } from '../../rehearsal/hub/index.ts';
import type { CommandName } from '../../src/contract.ts';
import type { JobRequest, JobResult, Workshop } from './harness.ts';

/** A question the action must answer with one sentence. */
export interface Question extends JobRequest {
  readonly command: CommandName;
}

/** What a refusal comes to for the person and the workflow that meet it. */
export interface Refused {
  readonly exitCode: number;
  readonly decision: string | undefined;
  readonly reason: string | undefined;
  /** Error annotations. */
  readonly errors: number;
  /** Whether the error stands in the log once, and its first sentence in the summary. */
  readonly logged: number;
  readonly summarized: boolean;
  /** What the runner found wrong with the step. */
  readonly wrong: readonly unknown[];
}

const occurrences = (text: string, part: string): number => (part === '' ? 0 : text.split(part).length - 1);

const messages = ({ annotations }: JobResult): readonly string[] =>
  annotations.filter(({ level }) => level === 'error').map(({ message }) => message);

/** Markdown as a reader sees it, near enough to find a sentence in it. */
const plain = (markdown: string): string =>
  markdown
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/<\/?span>/g, '')
    .replaceAll(/[\\*`\u200B]/g, '');

export const whatOf = ({ result }: Pick<JobResult, 'result'>): string => {
  const { parts } = result;
  const what = typeof parts === 'object' && parts !== null && 'what' in parts ? parts.what : undefined;
  return typeof what === 'string' ? what : '';
};

/** The one error people read; empty when there is none. */
export const saidBy = (job: JobResult): string => messages(job)[0] ?? '';

export const refusalOf = (job: JobResult): Refused => ({
  exitCode: job.exitCode,
  decision: job.outputs['decision'],
  reason: job.outputs['reason-code'],
  errors: messages(job).length,
  logged: occurrences(job.printed.join('\n'), whatOf(job)),
  summarized: plain(job.summary).includes(plain(whatOf(job))),
  wrong: [...job.problems, ...job.forbidden, ...job.dropped]
});

/** A refusal as it must be. */
export const refused = (reason: string, decision = 'refused'): Refused => ({
  exitCode: 1,
  decision,
  reason,
  errors: 1,
  logged: 1,
  summarized: true,
  wrong: []
});

/** So many processes at once: more would only wait for each other. */
const AT_ONCE = 3;

export const inTurns = async <T, R>(work: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  const waiting = [...work.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await each(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
};

export interface Answers {
  of(name: string): JobResult;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** Puts all questions, several at once, and remembers what the hub held before and after. */
export const ask = async (shop: Workshop, questions: Readonly<Record<string, Question>>): Promise<Answers> => {
  const before = await shop.hub.snapshot();
  const names = Object.keys(questions);
  const jobs = await inTurns(Object.values(questions), ({ command, ...request }) => shop.job(command, request));
  const after = await shop.hub.snapshot();
  const answers = new Map(names.map((name, index) => [name, jobs[index]]));
  return {
    before,
    after,
    of: (name) => {
      const found = answers.get(name);
      if (found === undefined) throw new Error(`nobody asked ${name}`);
      return found;
    }
  };
};
