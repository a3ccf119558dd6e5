import type { HistoryAnswer, NewerVersion } from '../../ports.ts';
import { type Git, demand } from './git.ts';
import { LINES, splitter } from './records.ts';
import type { VersionTag } from './tags.ts';

export interface Place {
  readonly head: string;
  /** Highest version first. */
  readonly tags: readonly VersionTag[];
}

export type Placed = Pick<HistoryAnswer, 'base' | 'onHead' | 'newer'>;

/** So many tags are asked about one by one; each answer may cost a walk, so a slow one ends the asking. */
const ASKED = 8;
const ASKING_MILLISECONDS = 100;

const isAncestor = async (git: Git, older: string, newer: string): Promise<boolean | undefined> => {
  const { code } = await git({ args: ['merge-base', '--is-ancestor', '--end-of-options', older, newer] });
  // Anything else than yes or no: one of the two is not here, or is no commit.
  return code === 0 ? true : code === 1 ? false : undefined;
};

export interface Walk {
  readonly options: readonly string[];
  readonly revisions: readonly string[];
}

/** Calls `seen` with the name of every commit reachable from the revisions. */
export const walk = async (git: Git, { options, revisions }: Walk, seen: (sha: string) => void): Promise<void> => {
  const { take, end } = splitter(LINES, seen);
  const call = { args: ['rev-list', ...options, '--stdin'], input: `${revisions.join('\n')}\n`, sink: take };
  await demand(git, call, 'the history could not be walked');
  end();
};

/** One walk over the whole history: the index of the highest version in it, or -1. */
export const highestByWalk = async (git: Git, { head, tags }: Place): Promise<number> => {
  if (tags.length === 0) return -1;
  const indexOf = new Map<string, number>();
  for (const [index, { commit }] of tags.entries()) if (!indexOf.has(commit)) indexOf.set(commit, index);
  let highest = tags.length;
  await walk(git, { options: [], revisions: [head] }, (sha) => {
    highest = Math.min(highest, indexOf.get(sha) ?? highest);
  });
  return highest < tags.length ? highest : -1;
};

/** The index of the highest version merged into the head: on a main line the first one asked about. */
export const highestByAsking = async (git: Git, place: Place): Promise<number> => {
  const started = performance.now();
  for (const [index, { commit }] of place.tags.slice(0, ASKED).entries()) {
    const merged = await isAncestor(git, commit, place.head);
    if (merged === true) return index;
    if (merged === undefined || performance.now() - started > ASKING_MILLISECONDS) break;
  }
  return highestByWalk(git, place);
};

/** Which of the versions contain the head: one walk over what came after it. */
export const withContainment = async (git: Git, { head, tags }: Place): Promise<readonly NewerVersion[]> => {
  const descendants = new Set<string>();
  const revisions = [`^${head}`, ...tags.map(({ commit }) => commit)];
  if (tags.length > 0) await walk(git, { options: ['--ancestry-path'], revisions }, (sha) => void descendants.add(sha));
  return tags.map(({ version, commit }) => ({ version, commit, containsHead: descendants.has(commit) }));
};

/** Splits the tags on the head itself from the others. */
export const splitTags = ({ head, tags }: Place) => ({
  onHead: tags.filter(({ commit }) => commit === head).map(({ version }) => version),
  others: tags.filter(({ commit }) => commit !== head)
});

/** How tags are placed where the whole history of the head is at hand. */
export interface Placing {
  readonly git: Git;
  /** The index of the highest version merged into the head, or -1. */
  readonly highest: (git: Git, place: Place) => Promise<number>;
  /** Makes sure that the commits of versions that are not merged are at hand too. */
  readonly bring: (tags: readonly VersionTag[]) => Promise<void>;
}

export const placeTags = async ({ git, highest, bring }: Placing, place: Place): Promise<Placed> => {
  const { onHead, others } = splitTags(place);
  const base = others[await highest(git, { head: place.head, tags: others })];
  const above = base === undefined ? others : others.slice(0, others.indexOf(base));
  if (above.length > 0) await bring(above);
  const newer = await withContainment(git, { head: place.head, tags: above });
  return { onHead, newer, ...(base === undefined ? {} : { base }) };
};
