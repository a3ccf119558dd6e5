import type { Commit } from '../../domain/change.ts';
import { refuse } from '../../domain/refusal.ts';
import type { History, HistoryAnswer, HistoryQuestion } from '../../ports.ts';
import { trueParents } from './boundary.ts';
import { readCommit, readRange } from './commits.ts';
import { askTags, type Found, fromRemote, needRemote } from './from-remote.ts';
import { demand, type Git } from './git.ts';
import { highestByAsking, placeTags } from './merged.ts';
import { LINES, splitter } from './records.ts';
import { findRemote, type HistoryOptions, workspaceGit } from './scratch.ts';
import { localTags, type VersionTag } from './tags.ts';

interface Checkout {
  readonly head: string;
  /** Whether commits are missing behind the head. */
  readonly shallow: boolean;
}

const lookAt = async (git: Git): Promise<Checkout> => {
  const args = ['rev-parse', '--is-shallow-repository', '--verify', '--quiet', 'HEAD^{commit}'];
  const { code, output, problem } = await git({ args });
  const [shallow, head] = output.split('\n');
  if (code === 0 && head !== undefined) return { head, shallow: shallow === 'true' };
  if (problem !== '') throw refuse('history-unknown', { problem: `no repository to read (git said: ${problem})` });
  throw refuse('history-unknown', { problem: 'the repository has no commit yet' });
};

const nothing = async (): Promise<void> => undefined;

/** Everything is here: no remote is asked. */
const fromCheckout = async (git: Git, head: string, found: Asked): Promise<Found> => {
  const placed = await placeTags({ git, highest: highestByAsking, bring: nothing }, { head, tags: found.tags });
  const without = placed.base === undefined ? [] : [placed.base.commit];
  return { ...placed, commits: await readRange(git, { from: head, without, paths: found.question.paths }) };
};

interface Asked {
  readonly question: HistoryQuestion;
  readonly tags: readonly VersionTag[];
}

const find = async (options: HistoryOptions, git: Git, question: HistoryQuestion): Promise<Found & Checkout> => {
  // The tags take longest, so git starts on them first.
  const [{ tags, ending }, checkout] = await Promise.all([localTags(git, question), lookAt(git)]);
  const { head, shallow } = checkout;
  // 1 says that there is no tag; anything above, that the list may not be whole.
  if (ending.code > 1 && !shallow)
    throw refuse('history-unknown', { problem: `the tags could not be listed (git said: ${ending.problem})` });
  if (!shallow && tags.length > 0) return { ...checkout, ...(await fromCheckout(git, head, { question, tags })) };
  // A checkout without tags looks like a project without versions; only the remote can tell.
  const found = await findRemote(git, options.workspace);
  if (!shallow && found === undefined) return { ...checkout, ...(await fromCheckout(git, head, { question, tags })) };
  const remote = needRemote(found, 'the checkout is shallow');
  const theirs = await askTags({ options, question, remote, head });
  if (!shallow && theirs.length === 0)
    return { ...checkout, ...(await fromCheckout(git, head, { question, tags: theirs })) };
  return { ...checkout, ...(await fromRemote({ options, question, remote, head, tags: theirs })) };
};

const read = async (options: HistoryOptions, question: HistoryQuestion): Promise<HistoryAnswer> => {
  const git = workspaceGit(options);
  const { head, shallow: _, ...found } = await find(options, git, question);
  return { ...found, head: found.commits.find(({ sha }) => sha === head) ?? (await readHead(git, head)) };
};

const readHead = async (git: Git, sha: string): Promise<Commit> => {
  const [commit, parents] = await Promise.all([readCommit(git, sha), trueParents(git, [sha])]);
  return { ...commit, parents: parents.get(sha) ?? commit.parents };
};

const SUBMODULE = '160000';

/** Paths as git stores them, below the workspace; submodules are commits of other repositories and left out. */
const tracked = async (options: HistoryOptions): Promise<readonly string[]> => {
  const paths: string[] = [];
  const { take, end } = splitter({ ...LINES, at: 0 }, (entry) => {
    if (!entry.startsWith(SUBMODULE)) paths.push(entry.slice(entry.indexOf('\t') + 1));
  });
  const args = ['ls-tree', '-r', '-z', 'HEAD'];
  await demand(workspaceGit(options), { args, sink: take }, 'the tracked files could not be listed');
  end();
  return paths;
};

/**
 * The history of the checkout in `workspace`. Exact on whole, shallow, tagless and detached checkouts, or it throws
 * `history-unknown`. The checkout is never changed: what is missing is fetched into a scratch repository.
 */
export const createHistory = (options: HistoryOptions): History => ({
  read: (question) => read(options, question),
  tracked: () => tracked(options)
});
