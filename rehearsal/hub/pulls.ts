import { replaced } from './call.ts';
import type { Issue, Pull } from './records.ts';
import { findIssue } from './resources/issues.ts';
import { ensureLabels } from './resources/labels.ts';
import type { World } from './world.ts';
import { nowStamp } from './world.ts';

export interface NewPull {
  readonly title: string;
  readonly author?: string;
  readonly labels?: readonly string[];
  readonly closes?: readonly number[];
  /** Its own commits, oldest first. */
  readonly commits?: readonly string[];
  /** The newest commit of its branch. Default: the last of its commits. */
  readonly head?: string;
  /** Its branch lies in another repository. */
  readonly fork?: boolean;
  /** Open without it. */
  readonly mergeCommit?: string;
}

export const openPull = (world: World, given: NewPull): number => {
  const { title, author = 'ana', labels = [], closes = [], commits = [], mergeCommit, fork = false } = given;
  const head = given.head ?? commits.at(-1);
  const now = nowStamp(world);
  const merged = mergeCommit !== undefined;
  const pull: Issue = {
    id: world.state.nextId(),
    number: world.state.now().data.issues.length + 1,
    title,
    body: null,
    state: merged ? 'closed' : 'open',
    stateReason: null,
    labels: ensureLabels(world, labels),
    author,
    createdAt: now,
    updatedAt: now,
    closedAt: merged ? now : null,
    pull: { mergeCommit: mergeCommit ?? null, commits, closes, fork, ...(head === undefined ? {} : { head }) }
  };
  world.state.write((data) => ({ ...data, issues: [...data.issues, pull] }));
  return pull.number;
};

export interface PullChange {
  readonly head?: string;
  readonly state?: Issue['state'];
  readonly mergeCommit?: string;
}

export const changePull = (world: World, number: number, { head, state, mergeCommit }: PullChange): void => {
  const issue = findIssue(world.state.now().data, number);
  if (issue.pull === undefined) throw new Error(`#${number} is no pull request`);
  const now = nowStamp(world);
  const open = state === undefined ? issue.state === 'open' : state === 'open';
  const pull: Pull = {
    ...issue.pull,
    ...(head === undefined ? {} : { head }),
    ...(mergeCommit === undefined ? {} : { mergeCommit })
  };
  const changed: Issue = {
    ...issue,
    state: open ? 'open' : 'closed',
    closedAt: open ? null : (issue.closedAt ?? now),
    updatedAt: now,
    pull
  };
  world.state.write((data) => ({ ...data, issues: replaced(data.issues, changed) }));
};
