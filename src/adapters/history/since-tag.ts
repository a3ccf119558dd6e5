import type { Commit } from '../../domain/change.ts';
import { type Parents, readBoundary, settle, shallowCommits, writeShallow } from './boundary.ts';
import { readRange } from './commits.ts';
import { fetchCommits } from './fetch.ts';
import { walk } from './merged.ts';
import type { Depth, Scratch } from './scratch.ts';
import type { VersionTag } from './tags.ts';

export interface SinceQuestion {
  readonly head: string;
  readonly tag: VersionTag;
  readonly filter: Depth;
  readonly paths: readonly string[];
}

/** What the remote proves about one tag and the head. */
export type Since =
  | { readonly kind: 'merged'; readonly commits: readonly Commit[] }
  /** Neither contains the other; the head has `size` commits that the tag has not. */
  | { readonly kind: 'apart'; readonly size: number }
  /** Nothing was proven. */
  | { readonly kind: 'unclear' };

const UNCLEAR: Since = { kind: 'unclear' };

/** So many merges at the edge are followed, one call to the remote each. */
const FOLLOWED = 8;

/** Git's own words, when the transport hands them on: everything asked for is inside the tag. */
const INSIDE = /no commits selected for shallow requests/;

interface Fetched {
  readonly boundary: Parents;
  readonly present: ReadonlySet<string>;
  readonly outside: ReadonlySet<string>;
}

const without = ({ tag, filter }: SinceQuestion): readonly string[] => [
  `--shallow-exclude=refs/tags/${tag.tag}`,
  `--filter=${filter}`
];

const presentFrom = async ({ git }: Scratch, commits: readonly string[]): Promise<ReadonlySet<string>> => {
  const present = new Set<string>();
  await walk(git, { options: [], revisions: commits }, (sha) => void present.add(sha));
  return present;
};

/** Fetches what is missing at the edge until the range is complete; undefined when that cannot be proven. */
const complete = async (scratch: Scratch, question: SinceQuestion): Promise<Fetched | undefined> => {
  const starts = [question.head];
  const [failed, inside] = [new Set<string>(), new Set([question.tag.commit])];
  for (let calls = 0; calls <= FOLLOWED; calls += 1) {
    const boundary = await readBoundary(scratch);
    const present = await presentFrom(scratch, starts);
    const { outside, open } = settle({ boundary, present, outside: inside });
    if (open.length === 0) return { boundary, present, outside };
    const next = open.find((sha) => !failed.has(sha));
    if (next === undefined) return undefined;
    const { code, problem } = await fetchCommits(scratch.git, without(question), [next]);
    if (code === 0) starts.push(next);
    else if (INSIDE.test(problem)) inside.add(next);
    else failed.add(next);
  }
  return undefined;
};

/** A simple edge needs no further call: only the parents that git hides there are put back. */
const readSimple = async ({ git }: Scratch, question: SinceQuestion, boundary: Parents): Promise<readonly Commit[]> => {
  const commits = await readRange(git, { from: question.head, without: [], paths: [] });
  return commits.map((commit) => ({ ...commit, parents: boundary.get(commit.sha) ?? commit.parents }));
};

/**
 * Moves the cut one commit down, from the commits at the edge to their parents outside: now git itself walks all
 * merges, and compares the commits at the edge with their true parents when paths are asked for.
 */
const readAcross = async (scratch: Scratch, question: SinceQuestion, fetched: Fetched): Promise<Since> => {
  const outside = [...new Set([...fetched.boundary.values()].flat())].filter((sha) => !fetched.present.has(sha));
  const { code } = await fetchCommits(scratch.git, ['--depth=1', `--filter=${question.filter}`], outside);
  if (code !== 0) return UNCLEAR;
  const cut = await shallowCommits(scratch);
  await writeShallow(
    scratch,
    cut.filter((sha) => !fetched.boundary.has(sha))
  );
  const range = { from: question.head, without: outside, paths: question.paths };
  return { kind: 'merged', commits: await readRange(scratch.git, range) };
};

/**
 * Asks the remote for the commits of the head that the tag does not contain (`--shallow-exclude`), and nothing else.
 * The answer is exact when every parent at the edge is accounted for (see `settle`). Then the tag is merged exactly
 * when its commit is a parent of a commit in the range: the last step of any way from the head down to it.
 */
export const sinceTag = async (scratch: Scratch, question: SinceQuestion): Promise<Since> => {
  const { code } = await fetchCommits(scratch.git, without(question), [question.head]);
  if (code !== 0) return UNCLEAR;
  const fetched = await complete(scratch, question);
  if (fetched === undefined) return UNCLEAR;
  const edges = [...fetched.boundary.values()];
  if (!edges.some((parents) => parents.includes(question.tag.commit)))
    return { kind: 'apart', size: fetched.present.size };
  const simple = question.paths.length === 0 && edges.every((parents) => parents.length === 1);
  if (!simple) return readAcross(scratch, question, fetched);
  return { kind: 'merged', commits: await readSimple(scratch, question, fetched.boundary) };
};
