import { GitError } from '../hub/git.ts';
import type { Git } from '../hub/git.ts';

/** How `git merge-tree` says that the two do not go together. */
const CONFLICT = 1;

const conflicts = (error: unknown): boolean => {
  if (!(error instanceof GitError)) return false;
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === CONFLICT;
};

const mergedTree = async (git: Git, { base, head }: Both): Promise<string | undefined> => {
  try {
    return (await git.run(['merge-tree', '--write-tree', base, head])).trim().split('\n')[0];
  } catch (error) {
    if (conflicts(error)) return undefined;
    throw error;
  }
};

const IDENTITY = {
  GIT_AUTHOR_NAME: 'GitHub',
  GIT_AUTHOR_EMAIL: 'noreply@example.com',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@example.com'
};

export interface Both {
  readonly base: string;
  readonly head: string;
}

/** A commit of both; undefined where they are in conflict. */
export const mergeBoth = async (git: Git, both: Both, message: string): Promise<string | undefined> => {
  const tree = await mergedTree(git, both);
  if (tree === undefined) return undefined;
  const parents = ['-p', both.base, '-p', both.head];
  return (await git.run(['commit-tree', tree, ...parents, '-m', message], { env: IDENTITY })).trim();
};

/**
 * The commit GitHub makes to try a pull request: base and head merged, known as `refs/pull/N/merge`. Undefined where they
 * are in conflict; then GitHub starts no run (docs: "Events that trigger workflows", pull_request).
 */
export const mergeForTrial = async (git: Git, number: number, both: Both): Promise<string | undefined> => {
  await git.run(['update-ref', `refs/pull/${number}/head`, both.head]);
  const made = await mergeBoth(git, both, `Merge ${both.head} into ${both.base}`);
  if (made !== undefined) await git.run(['update-ref', `refs/pull/${number}/merge`, made]);
  return made;
};
