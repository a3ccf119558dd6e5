import type { Commit } from '../../domain/change.ts';
import { refuse } from '../../domain/refusal.ts';
import { type Git, type GitCall, demand } from './git.ts';
import { type Cut, LINES, splitter } from './records.ts';

/** sha, parents, committer date, author date, author, raw message. A name holds no line break and a commit no NUL. */
const FORMAT = '--format=%H%n%P%n%ct%n%at%n%an%n%B';
const COMMITS: Cut = { at: 0, limit: 65_536 };

const PLAIN = ['--no-color', '--no-show-signature', '--no-notes', '--no-ext-diff', '--encoding=UTF-8', '--no-mailmap'];

/** Seconds since 1970 as ISO 8601; what no calendar holds is the epoch. */
const isoDate = (seconds: string): string => {
  const milliseconds = Number(seconds) * 1000;
  return new Date(Math.abs(milliseconds) <= 8.64e15 ? milliseconds : 0).toISOString();
};

const parseCommit = (record: string): Commit => {
  const [sha = '', parents = '', seconds = '', authored = '', author = '', ...message] = record.split('\n');
  return {
    sha,
    parents: parents === '' ? [] : parents.split(' '),
    date: isoDate(seconds),
    ...(authored === seconds ? {} : { authored: isoDate(authored) }),
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

const NAME = /^[0-9a-f]{40,64}$/;

/** Those of the merges that change a file against every parent: a merge that only joins both sides changes nothing. */
const changingMerges = async (
  git: Git,
  merges: readonly string[],
  paths: readonly string[]
): Promise<ReadonlySet<string>> => {
  const changing = new Set<string>();
  let merge = '';
  const { take, end } = splitter(LINES, (line) => {
    if (NAME.test(line)) merge = line;
    else if (line !== '') changing.add(merge);
  });
  const args = ['diff-tree', '--stdin', '-r', '-c', '--raw', '--no-renames', '--', ...pathspecs(paths)];
  const call = { args, input: merges.map((sha) => `${sha}\n`).join(''), sink: take };
  if (merges.length > 0) await demand(git, call, 'the merges could not be compared');
  end();
  return changing;
};

/**
 * The commits of the range, children before parents. With paths: those that change one of them, side branches
 * included (`--full-history`), and merges only when they change a file themselves.
 */
export const readRange = async (git: Git, { from, without, paths }: Range): Promise<readonly Commit[]> => {
  const history = paths.length > 0 ? ['--full-history'] : [];
  const args = ['log', '-z', FORMAT, ...PLAIN, '--date-order', ...history, '--stdin', '--', ...pathspecs(paths)];
  const commits = await read(git, { args, input: [from, ...without.map((sha) => `^${sha}`), ''].join('\n') });
  if (paths.length === 0) return commits;
  const merges = commits.filter(({ parents }) => parents.length > 1).map(({ sha }) => sha);
  const changing = await changingMerges(git, merges, paths);
  return commits.filter(({ sha, parents }) => parents.length < 2 || changing.has(sha));
};

export const readCommit = async (git: Git, sha: string): Promise<Commit> => {
  const [commit] = await read(git, {
    args: ['log', '-z', FORMAT, ...PLAIN, '--no-walk', '--end-of-options', sha, '--']
  });
  if (commit === undefined) throw refuse('history-unknown', { problem: `${sha} is no commit` });
  return commit;
};
