import { setTimeout as pause } from 'node:timers/promises';
import { refuse } from '../../domain/refusal.ts';
import type { Git, GitEnding } from './git.ts';
import type { HistoryOptions } from './scratch.ts';

const PAUSES = [1000, 3000];

/** Fetches commits by name; nothing but objects (and the list of shallow commits) arrives. */
export const fetchCommits = (git: Git, limits: readonly string[], commits: readonly string[]): Promise<GitEnding> =>
  git({
    args: [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-gc',
      '--no-recurse-submodules',
      ...limits,
      '--stdin',
      '--end-of-options',
      'origin'
    ],
    input: `${commits.join('\n')}\n`
  });

export interface Errand<T> {
  /** What we wanted, for the refusal. */
  readonly what: string;
  readonly attempt: () => Promise<T>;
}

/** Git's words (it speaks plain English here) when the server says no rather than nothing: 401, 403 and GitHub's 404. */
const NOT_ALLOWED =
  /^(?:remote: Repository not found|fatal: (?:repository '.*' not found|Authentication failed for|could not read (?:Username|Password) for|unable to access '.*': The requested URL returned error: 40[13]))/m;

/** Only the server that the token is for can be opened by a permission of the job. */
const isNotAllowed = ({ serverUrl }: HistoryOptions, { code, problem }: GitEnding): boolean =>
  code !== 0 && problem.includes(serverUrl) && NOT_ALLOWED.test(problem);

/**
 * Asks the remote again, after a pause, when it fails. Throws `history-unknown` when it keeps failing, and
 * `permission-missing` at once when the token may not read.
 */
export const insist = async <T extends { readonly ending: GitEnding }>(
  options: HistoryOptions,
  { what, attempt }: Errand<T>
): Promise<T> => {
  let answer = await attempt();
  for (const milliseconds of options.retryMilliseconds ?? PAUSES) {
    if (answer.ending.code === 0) return answer;
    if (isNotAllowed(options, answer.ending)) break;
    await pause(milliseconds, undefined, { signal: options.signal }).catch(() => undefined);
    answer = await attempt();
  }
  if (answer.ending.code === 0) return answer;
  if (isNotAllowed(options, answer.ending))
    throw refuse('permission-missing', { permission: 'contents: read', call: 'git fetch origin' });
  const said = answer.ending.problem;
  throw refuse('history-unknown', { problem: `${what}; check out with \`fetch-depth: 0\` (git said: ${said})` });
};
