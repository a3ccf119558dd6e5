import type { Commit } from '../../domain/change.ts';
import { refuse } from '../../domain/refusal.ts';
import { type Git, type GitCall, demand } from './git.ts';
import { type Cut, splitter } from './records.ts';

/** sha, parents, committer date, author, raw message. A name holds no line break and a commit no NUL. */
const FORMAT = '--format=%H%n%P%n%ct%n%an%n%B';
const COMMITS: Cut = { at: 0, limit: 65_536 };

const PLAIN = ['--no-color', '--no-show-signature', '--no-notes', '--no-ext-diff', '--encoding=UTF-8', '--no-mailmap'];

/** Seconds since 1970 as ISO 8601; what no calendar holds is the epoch. */
const isoDate = (seconds: string): string => {
  const milliseconds = Number(seconds) * 1000;
  return new Date(Math.abs(milliseconds) <= 8.64e15 ? milliseconds : 0).toISOString();
};

const parseCommit = (record: string): Commit => {
  const [sha = '', parents = '', seconds = '', author = '', ...message] = record.split('\n');
  return {
    sha,
    parents: parents === '' ? [] : parents.split(' '),
    date: isoDate(seconds),
    author,
    message: message.join('\n')
  };
};

/** Pathspecs from the root of the repository, whatever directory git runs in. */
const pathspecs = (paths: readonly string[]): readonly string[] => paths.map((path) => `:(top,glob)${path}`);

export interface Range {
  readonly from: string;
  /** Commits that are left out together with everything before them. */
  readonly without: readonly string[];
  readonly paths: readonly string[];
}

const read = async (git: Git, call: GitCall): Promise<readonly Commit[]> => {
  const commits: Commit[] = [];
  const { take, end } = splitter(COMMITS, (record) => commits.push(parseCommit(record)));
  await demand(git, { ...call, sink: take }, 'the commits could not be read');
  end();
  return commits;
};

/**
 * The commits of the range, children before parents. With paths: those that change one of them against every parent,
 * side branches included (`--full-history`), so that a merge only counts when it changes something itself.
 */
export const readRange = (git: Git, { from, without, paths }: Range): Promise<readonly Commit[]> =>
  read(git, {
    args: [
      'log',
      '-z',
      FORMAT,
      ...PLAIN,
      '--date-order',
      ...(paths.length > 0 ? ['--full-history'] : []),
      '--stdin',
      '--',
      ...pathspecs(paths)
    ],
    input: [from, ...without.map((sha) => `^${sha}`), ''].join('\n')
  });

export const readCommit = async (git: Git, sha: string): Promise<Commit> => {
  const [commit] = await read(git, {
    args: ['log', '-z', FORMAT, ...PLAIN, '--no-walk', '--end-of-options', sha, '--']
  });
  if (commit === undefined) throw refuse('history-unknown', { problem: `${sha} is no commit` });
  return commit;
};
