import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { refuse } from '../domain/refusal.ts';

/** What an event tells of the pull request it is about. */
export interface PullEvent {
  readonly number: number;
  /** `opened`, `synchronize`, `closed`, ... */
  readonly action: string;
  /** The newest commit of its branch when it happened. */
  readonly head: string;
}

const eventShape = v.object({
  action: v.pipe(v.string(), v.maxLength(100)),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 31 - 1)),
  pull_request: v.object({
    head: v.object({ sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)) })
  })
});

/**
 * The event as the runner wrote it down; undefined where it is about no pull request. Its branch does not tell: once the pull
 * request is merged, the run is of the branch it went to (GitHub, "pull_request").
 */
export const parsePullEvent = (text: string): PullEvent | undefined => {
  try {
    const event = v.safeParse(eventShape, JSON.parse(text));
    if (!event.success) return undefined;
    const { number, action, pull_request } = event.output;
    return { number, action, head: pull_request.head.sha };
  } catch {
    return undefined;
  }
};

/** GitHub sends no larger payload (docs: "Webhook events and payloads"). */
const LARGEST_BYTES = 25 * 1024 * 1024;

const isReadable = async (file: string): Promise<boolean> => {
  try {
    const found = await stat(file);
    return found.isFile() && found.size <= LARGEST_BYTES;
  } catch {
    return false;
  }
};

/** As `parsePullEvent`, from the file that the runner names; throws `invalid-input` where it names none that can be read. */
export const readPullEvent = async (file: string): Promise<PullEvent | undefined> => {
  if (await isReadable(file)) return parsePullEvent(await readFile(file, 'utf8'));
  throw refuse('invalid-input', { input: 'GITHUB_EVENT_PATH', problem: 'it names no file of at most 25 MB' });
};
