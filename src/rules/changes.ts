import type { Change, Commit } from '../domain/change.ts';
import { type Message, parseMessage } from './conventional.ts';

/** A commit with what its message says. */
export interface Told {
  readonly commit: Commit;
  readonly message: Message;
}

export const tell = (commits: readonly Commit[]): readonly Told[] =>
  commits.map((commit) => ({ commit, message: parseMessage(commit.message) }));

/** Git shortens names to seven digits at least. */
const SHORTEST = 7;

/** Finds commits of the range by whole or abbreviated name, and by pull request. */
const finder = (range: readonly Told[]) => {
  const byStart = new Map<string, Told[]>();
  const byPull = new Map<number, Told[]>();
  const add = <K>(index: Map<K, Told[]>, key: K, told: Told): void => {
    const there = index.get(key);
    if (there === undefined) index.set(key, [told]);
    else there.push(told);
  };
  for (const told of range) {
    add(byStart, told.commit.sha.slice(0, SHORTEST), told);
    if (told.message.pull !== undefined) add(byPull, told.message.pull, told);
  }
  const named = (name: string): Told | undefined => {
    const fitting = (byStart.get(name.slice(0, SHORTEST)) ?? []).filter(({ commit }) => commit.sha.startsWith(name));
    return fitting.length === 1 ? fitting[0] : undefined;
  };
  return { named, ofPull: (pull: number): readonly Told[] => byPull.get(pull) ?? [] };
};

/** For each merge on the main line (the first parents of the newest commit): the commits of the range it brought. */
type Brought = ReadonlyMap<string, { readonly by: Message; readonly commits: readonly Told[] }>;

const mainLine = (range: readonly Told[], bySha: ReadonlyMap<string, Told>): readonly Told[] => {
  const line: Told[] = [];
  for (let told = range[0]; told !== undefined; told = bySha.get(told.commit.parents[0] ?? '')) line.push(told);
  return line;
};

/** Oldest merge first, each takes what no earlier one has: every commit is visited once. */
const broughtIn = (range: readonly Told[]): Brought => {
  const bySha = new Map(range.map((told) => [told.commit.sha, told]));
  const line = mainLine(range, bySha);
  const taken = new Set(line.map(({ commit }) => commit.sha));
  const brought = new Map<string, { readonly by: Message; readonly commits: readonly Told[] }>();
  for (const { commit, message } of line.toReversed()) {
    if (commit.parents.length < 2) continue;
    const mine: Told[] = [];
    const open = commit.parents.slice(1);
    for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
      const told = bySha.get(sha);
      if (told === undefined || taken.has(sha)) continue;
      taken.add(sha);
      mine.push(told);
      open.push(...told.commit.parents);
    }
    brought.set(commit.sha, { by: message, commits: mine });
  }
  return brought;
};

/** What a revert takes back, or undefined when any of it is outside the range: then it is a change like any other. */
const takenBack = ({ commit, message }: Told, find: ReturnType<typeof finder>): readonly Told[] | undefined => {
  const named = message.reverts.map((name) => find.named(name));
  const pulled = message.revertsPull === undefined ? [] : find.ofPull(message.revertsPull);
  const targets = message.reverts.length > 0 ? named : pulled;
  const found = targets.filter((target): target is Told => target !== undefined && target.commit.sha !== commit.sha);
  return found.length > 0 && found.length === targets.length ? found : undefined;
};

/** Names of the commits that cancel out: reverts, and what they took back (all of a merge, when it was a merge). */
const cancelled = (range: readonly Told[], brought: Brought): ReadonlySet<string> => {
  const find = finder(range);
  const gone = new Set<string>();
  for (const told of range) {
    if (gone.has(told.commit.sha)) continue;
    for (const target of takenBack(told, find) ?? []) {
      gone.add(told.commit.sha).add(target.commit.sha);
      for (const { commit } of brought.get(target.commit.sha)?.commits ?? []) gone.add(commit.sha);
    }
  }
  return gone;
};

const isEarlier = (moment: string | undefined, than: string): moment is string =>
  moment !== undefined && Date.parse(moment) < Date.parse(than);

const changeOf = ({ commit, message }: Told, pull: number | undefined): Change => ({
  commit: commit.sha,
  type: message.type,
  ...(message.scope === undefined ? {} : { scope: message.scope }),
  subject: message.subject,
  breaking: message.breaking,
  author: commit.author,
  ...(pull === undefined ? {} : { pull }),
  date: commit.date,
  ...(isEarlier(commit.authored, commit.date) ? { authored: commit.authored } : {})
});

/** A merge is no change of its own, unless a person described it as one or it is all there is to see of it. */
const isChange = ({ commit, message }: Told, brought: Brought): boolean =>
  commit.parents.length < 2 ||
  !['other', 'revert'].includes(message.type) ||
  brought.get(commit.sha)?.commits.length === 0;

export interface Content {
  /** The commits that count, newest first: those that no revert of the range cancelled. */
  readonly counting: readonly Told[];
  /** What people are told: a merge is told by its commits, which carry the number of its pull request. */
  readonly changes: readonly Change[];
}

/**
 * What a range of commits, newest first and children before parents, amounts to. A revert inside the range and what
 * it takes back both disappear; the revert of a revert brings the first commit back. A revert of something older than
 * the range is a change like any other: it undoes what is already out.
 */
export const contentOf = (commits: readonly Commit[]): Content => {
  const range = tell(commits);
  const brought = broughtIn(range);
  const gone = cancelled(range, brought);
  const pulls = new Map<string, number>();
  for (const { by, commits: mine } of brought.values())
    if (by.pull !== undefined) for (const { commit } of mine) pulls.set(commit.sha, by.pull);
  const counting = range.filter(({ commit }) => !gone.has(commit.sha));
  const changes = counting
    .filter((told) => isChange(told, brought))
    .map((told) => changeOf(told, told.message.pull ?? pulls.get(told.commit.sha)));
  return { counting, changes };
};
