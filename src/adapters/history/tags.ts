import { type Version, numbersOf, tagOf, versionInTag } from '../../domain/version.ts';
import type { HistoryQuestion } from '../../ports.ts';
import { type Git, type GitEnding } from './git.ts';
import { LINES, splitter } from './records.ts';

export interface VersionTag {
  readonly version: Version;
  readonly tag: string;
  /** What the tag points at, annotated or not; hardly ever something else than a commit. */
  readonly commit: string;
}

/** `<sha> refs/tags/<name>`, and `refs/tags/<name>^{}` with what an annotated tag points at. */
const LINE = /^([0-9a-f]{40}|[0-9a-f]{64})[ \t]refs\/tags\/(.+?)(\^\{\})?$/;

/** As `compareVersions` orders, with the numbers of each of the 10,000 versions read once. */
const newestFirst = (versions: readonly Version[]): readonly Version[] =>
  versions
    .map((version) => ({ version, numbers: numbersOf(version) }))
    .toSorted(({ numbers: a }, { numbers: b }) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2])
    .map(({ version }) => version);

/** Reads what `git show-ref -d` and `git ls-remote` print, keeping only tags of versions. */
const collector = ({ form, accepts }: HistoryQuestion) => {
  const found = new Map<Version, string>();
  const { take, end } = splitter(LINES, (line) => {
    const [, sha, name] = LINE.exec(line) ?? [];
    const version = name === undefined ? undefined : versionInTag(form, name);
    // The line of what an annotated tag points at comes after that of the tag itself, and replaces it.
    if (sha !== undefined && version !== undefined && accepts(version)) found.set(version, sha);
  });
  const finish = (): readonly VersionTag[] => {
    end();
    return newestFirst([...found.keys()]).map((version) => ({
      version,
      tag: tagOf(form, version),
      commit: found.get(version) ?? ''
    }));
  };
  return { take, finish };
};

export interface TagList {
  readonly ending: GitEnding;
  /** Highest version first. */
  readonly tags: readonly VersionTag[];
}

const list = async (git: Git, question: HistoryQuestion, args: readonly string[]): Promise<TagList> => {
  const { take, finish } = collector(question);
  const ending = await git({ args, sink: take });
  return { ending, tags: finish() };
};

/** `show-ref` needs no object of an unannotated tag: half the time of `for-each-ref` with 10,000 loose tags. */
export const localTags = (git: Git, question: HistoryQuestion): Promise<TagList> =>
  list(git, question, ['show-ref', '--tags', '--dereference']);

export const remoteTags = (git: Git, question: HistoryQuestion): Promise<TagList> =>
  list(git, question, ['ls-remote', '--tags', '--quiet', '--end-of-options', 'origin']);
