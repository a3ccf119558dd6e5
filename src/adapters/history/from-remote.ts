import { refuse } from '../../domain/refusal.ts';
import type { HistoryAnswer, HistoryQuestion, NewerVersion } from '../../ports.ts';
import { readRange } from './commits.ts';
import { fetchCommits, insist } from './fetch.ts';
import { highestByWalk, placeTags, splitTags } from './merged.ts';
import { type Depth, type HistoryOptions, type Remote, type ScratchPlan, withScratch } from './scratch.ts';
import { sinceTag } from './since-tag.ts';
import { type VersionTag, remoteTags } from './tags.ts';

export interface RemoteQuestion {
  readonly options: HistoryOptions;
  readonly question: HistoryQuestion;
  readonly remote: Remote;
  readonly head: string;
  /** Highest version first, as the remote lists them. */
  readonly tags: readonly VersionTag[];
}

export type Found = Omit<HistoryAnswer, 'head'>;

/** So many tags are tried one by one before the whole line of commits is fetched. */
const TRIED = 3;
/** A tag so far apart says that the next ones probably are, too. */
const FAR_APART = 2000;

const planOf = ({ remote, head, question }: RemoteQuestion): ScratchPlan => ({
  remote,
  head,
  filter: question.paths.length > 0 ? 'blob:none' : 'tree:0'
});

/** All version tags of the remote; throws `history-unknown` when it does not answer. */
export const askTags = async (asked: Omit<RemoteQuestion, 'tags'>): Promise<readonly VersionTag[]> => {
  const plan = planOf({ ...asked, tags: [] });
  return withScratch(asked.options, plan, async ({ git }) => {
    const attempt = () => remoteTags(git, asked.question);
    const { tags } = await insist(asked.options, { what: 'the tags of the remote could not be listed', attempt });
    return tags;
  });
};

/** Exact with a few small calls on most checkouts; undefined when nothing could be proven that way. */
const bySince = async (asked: RemoteQuestion): Promise<Found | undefined> => {
  const { onHead, others } = splitTags(asked);
  const newer: NewerVersion[] = [];
  const plan = planOf(asked);
  for (const tag of others.slice(0, TRIED)) {
    const question = { head: asked.head, tag, filter: plan.filter, paths: asked.question.paths };
    const since = await withScratch(asked.options, plan, (scratch) => sinceTag(scratch, question));
    if (since.kind === 'merged') return { onHead, base: tag, newer, commits: since.commits };
    if (since.kind === 'unclear' || since.size > FAR_APART) return undefined;
    newer.push({ version: tag.version, commit: tag.commit, containsHead: false });
  }
  return undefined;
};

/** Fetches every commit of the head, without the files: always exact, but it costs the length of the history. */
const byWhole = (asked: RemoteQuestion): Promise<Found> => {
  const { options, head, tags } = asked;
  const plan = planOf(asked);
  return withScratch(options, plan, async ({ git }) => {
    const bring = async (filter: Depth, wanted: readonly string[]): Promise<void> => {
      const attempt = async () => ({ ending: await fetchCommits(git, [`--filter=${filter}`], wanted) });
      await insist(options, { what: 'the history could not be fetched', attempt });
    };
    // The reference tells the remote in the next call what is already here.
    await bring(plan.filter, [`${head}:refs/heads/head`]);
    const bringTags = (above: readonly VersionTag[]) =>
      bring('tree:0', [...new Set(above.map(({ commit }) => commit))]);
    const placed = await placeTags({ git, highest: highestByWalk, bring: bringTags }, { head, tags });
    const without = placed.base === undefined ? [] : [placed.base.commit];
    return { ...placed, commits: await readRange(git, { from: head, without, paths: asked.question.paths }) };
  });
};

/** What only the remote knows, proven; throws `history-unknown` when it cannot be asked. */
export const fromRemote = async (asked: RemoteQuestion): Promise<Found> => (await bySince(asked)) ?? byWhole(asked);

export const needRemote = (remote: Remote | undefined, why: string): Remote => {
  if (remote !== undefined) return remote;
  throw refuse('history-unknown', { problem: `${why} and has no remote to ask; check out with \`fetch-depth: 0\`` });
};
