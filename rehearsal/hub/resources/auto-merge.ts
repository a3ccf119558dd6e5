import { Problem } from '../call.ts';
import type { Commit } from '../git-objects.ts';
import type { World } from '../world.ts';
import { nowStamp } from '../world.ts';
import { writeRef } from './refs.ts';

export interface Wanted {
  readonly commit: Commit;
  readonly ref: string | undefined;
  /** As the request named it. */
  readonly text: string;
}

const succeeds = (running: Promise<string>): Promise<boolean> =>
  running.then(
    () => true,
    () => false
  );

/**
 * `auto_merge` of a new deployment: when the ref lacks commits of the default branch, that branch is merged into it and
 * the answer is a message instead of a deployment. A tag or a SHA cannot take a merge: conflict.
 */
export const bringUpToDate = async (world: World, { commit, ref, text }: Wanted): Promise<string | undefined> => {
  const base = world.settings.defaultBranch;
  const head = await world.git.read(`refs/heads/${base}`);
  if (head === undefined) return undefined;
  if (await succeeds(world.git.run(['merge-base', '--is-ancestor', head.oid, commit.sha]))) return undefined;
  const conflict = new Problem(409, `Conflict merging ${base} into ${text}.`);
  if (ref === undefined || !ref.startsWith('refs/heads/')) throw conflict;
  const tree = await world.git.run(['merge-tree', '--write-tree', commit.sha, head.oid]).catch(() => {
    throw conflict;
  });
  const date = nowStamp(world);
  const who = { GIT_AUTHOR_NAME: 'GitHub', GIT_AUTHOR_EMAIL: 'noreply@github.com', GIT_AUTHOR_DATE: date };
  const by = { GIT_COMMITTER_NAME: 'GitHub', GIT_COMMITTER_EMAIL: 'noreply@github.com', GIT_COMMITTER_DATE: date };
  const merge = await world.git.run(
    ['commit-tree', tree.trim(), '-p', commit.sha, '-p', head.oid, '-m', `Merge ${base} into ${text}`],
    { env: { ...who, ...by } }
  );
  await writeRef(world, ref, { before: commit.sha, after: merge.trim() });
  return `Auto-merged ${base} into ${text} on deployment.`;
};
