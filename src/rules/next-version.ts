import type { Delivery } from '../config/delivery.ts';
import type { Change } from '../domain/change.ts';
import type { HistoryAnswer, NewerVersion } from '../domain/history.ts';
import { refuse } from '../domain/refusal.ts';
import { compareVersions, numbersOf, parseVersion, tagOf } from '../domain/version.ts';
import type { Numbers, Scheme, TagForm, Version } from '../domain/version.ts';
import { contentOf } from './changes.ts';
import type { Content, Told } from './changes.ts';

export interface VersionPolicy {
  readonly scheme: Scheme;
  readonly form: TagForm;
  readonly releaseOn: Delivery['version']['releaseOn'];
}

/** Which part of the number moves. */
export type Bump = 'major' | 'minor' | 'patch';

/** Why the version is what it is; `commit` is the commit that decided it. */
export type VersionReason =
  | { readonly rule: 'tagged' | 'first' | 'other' | 'calendar' }
  | { readonly rule: 'release-as' | 'breaking' | 'feature'; readonly commit: string };

export interface NextVersion {
  readonly kind: 'version';
  readonly version: Version;
  readonly tag: string;
  /** False when the commit already carries the version. */
  readonly changed: boolean;
  readonly previous: Version | null;
  readonly changes: readonly Change[];
  /** `none` for a version the commit already has, and for the first one. */
  readonly bump: Bump | 'none';
  readonly why: VersionReason;
}

/** Nothing in the range is worth a version: no commit touches the component, or none of a type that releases. */
export interface NothingToRelease {
  readonly kind: 'nothing-to-release';
  readonly previous: Version | null;
  readonly changes: readonly Change[];
}

const FIRST: Numbers = [0, 1, 0];
const RELEASING: ReadonlySet<string> = new Set(['feat', 'fix', 'perf']);

/** Whether a version tag belongs to the scheme: calendar versions have a year of this millennium and a month. */
export const belongsTo =
  (scheme: Scheme) =>
  (version: Version): boolean => {
    const [year, month] = numbersOf(version);
    return scheme === 'semver' || (year >= 2000 && year <= 2999 && month >= 1 && month <= 12);
  };

const raise = ([major, minor, patch]: Numbers, bump: Bump): Numbers => {
  switch (bump) {
    case 'major':
      return [major + 1, 0, 0];
    case 'minor':
      return [major, minor + 1, 0];
    case 'patch':
      return [major, minor, patch + 1];
  }
};

interface Choice {
  readonly numbers: Numbers;
  readonly why: VersionReason;
  /** How to go on when the number is taken; a version a person wrote down is not changed. */
  readonly onward?: Bump;
}

/** Conventional Commits 1.0.0: breaking is major (minor while 0.x), `feat` is minor, everything else is a patch. */
const semantic = (base: Version, counting: readonly Told[]): Choice => {
  const numbers = numbersOf(base);
  const breaking = counting.find(({ message }) => message.breaking)?.commit.sha;
  const feature = counting.find(({ message }) => message.type === 'feat')?.commit.sha;
  const go = (bump: Bump, why: VersionReason): Choice => ({ numbers: raise(numbers, bump), why, onward: bump });
  if (breaking !== undefined) return go(numbers[0] === 0 ? 'minor' : 'major', { rule: 'breaking', commit: breaking });
  if (feature !== undefined) return go('minor', { rule: 'feature', commit: feature });
  return go('patch', { rule: 'other' });
};

/** `YYYY.M.MICRO` in UTC; the micro number counts from 0 within the month. A clock behind the last version is ignored. */
const calendar = (base: Version | undefined, today: Date): Choice => {
  const month: Numbers = [today.getUTCFullYear(), today.getUTCMonth() + 1, 0];
  const last = base === undefined ? undefined : numbersOf(base);
  const ahead = last === undefined || (month[0] - last[0] || month[1] - last[1]) > 0;
  return { numbers: ahead ? month : raise(last, 'patch'), why: { rule: 'calendar' }, onward: 'patch' };
};

/** The newest `Release-As: x.y.z` of the range; a wrong one is refused, a newer commit with a right one repairs it. */
const requested = (base: Version | undefined, counting: readonly Told[], scheme: Scheme): Choice | undefined => {
  const told = counting.find(({ message }) => message.releaseAs !== undefined);
  if (told?.message.releaseAs === undefined) return undefined;
  const [value, commit] = [told.message.releaseAs, told.commit.sha];
  const wrong = (problem: string) => refuse('release-as-invalid', { value, commit, problem });
  const version = parseVersion(value);
  if (version === undefined) throw wrong('it is not major.minor.patch');
  if (!belongsTo(scheme)(version)) throw wrong('it is no calendar version');
  if (base !== undefined && compareVersions(version, base) <= 0) throw wrong(`it is not above ${base}`);
  return { numbers: numbersOf(version), why: { rule: 'release-as', commit } };
};

/** The part of the number that a bump leaves alone: versions that share it share the counter. */
const FIXED: Record<Bump, number> = { major: 0, minor: 1, patch: 2 };

const sameLine = (a: Numbers, b: Numbers, bump: Bump): boolean =>
  a.every((number, index) => index >= FIXED[bump] || number === b[index]);

/** Throws `history-unknown` where no version can hold the numbers. */
const held = (numbers: Numbers): Version => {
  const version = parseVersion(numbers.join('.'));
  if (version === undefined) throw refuse('history-unknown', { problem: `no version can be ${numbers.join('.')}` });
  return version;
};

/** One above the highest version of the line, wherever that stands; the choice itself when nothing is in the way. */
const aboveTaken = ({ numbers, onward }: Choice, newer: readonly NewerVersion[]): Version => {
  const wanted = held(numbers);
  if (onward === undefined) return wanted;
  const highest = newer.find(({ version }) => sameLine(numbersOf(version), numbers, onward));
  if (highest === undefined || compareVersions(highest.version, wanted) < 0) return wanted;
  return held(raise(numbersOf(highest.version), onward));
};

const unclaimed = (choice: Choice, answer: HistoryAnswer, form: TagForm): Version => {
  const version = aboveTaken(choice, answer.newer);
  const taken = answer.newer.findLast((other) =>
    other.containsHead ? compareVersions(other.version, version) <= 0 : other.version === version
  );
  if (taken !== undefined)
    throw refuse('version-taken', { tag: tagOf(form, taken.version), commit: answer.head.sha, other: taken.commit });
  return version;
};

const moved = (from: Version | undefined, to: Version): NextVersion['bump'] => {
  if (from === undefined) return 'none';
  const [before, after] = [numbersOf(from), numbersOf(to)];
  if (before[0] !== after[0]) return 'major';
  return before[1] === after[1] ? 'patch' : 'minor';
};

const choose = (answer: HistoryAnswer, policy: VersionPolicy, { content, today }: Moment): Choice => {
  const base = answer.base?.version;
  const asked = requested(base, content.counting, policy.scheme);
  if (asked !== undefined) return asked;
  if (policy.scheme === 'calver') return calendar(base, today);
  return base === undefined
    ? { numbers: FIRST, why: { rule: 'first' }, onward: 'minor' }
    : semantic(base, content.counting);
};

interface Moment {
  readonly content: Content;
  readonly today: Date;
}

const worthIt = (answer: HistoryAnswer, policy: VersionPolicy, content: Content): boolean =>
  answer.commits.length > 0 &&
  (policy.releaseOn === 'any' ||
    content.counting.some(
      ({ message }) => message.breaking || RELEASING.has(message.type) || message.releaseAs !== undefined
    ));

/**
 * The version of the head. A commit that carries a version keeps it (the highest of several). Otherwise the newest
 * `Release-As` of the range, else the scheme's next number after the highest version merged into the head (0.1.0 when
 * there is none), never one that exists already:
 *
 * - A number taken on another line of commits is left to it; ours is one above the highest version that shares its
 *   line (its major for a minor, its major and minor for a patch), wherever that stands. A hotfix beside the main line
 *   and the main line thus share one counter, and gaps left by deleted tags are not filled.
 * - A version that CONTAINS the head and is not above ours is refused (`version-taken`): the head is already part of
 *   what that version delivered, and a higher number would make the older commit look newer. A free number below
 *   such a version is fine.
 *
 * Two runs at the same time may still choose the same number; creating the tag decides, and the loser is refused.
 * Throws `release-as-invalid`, `version-taken`, `history-unknown`.
 */
export const nextVersion = (
  answer: HistoryAnswer,
  policy: VersionPolicy,
  today: Date
): NextVersion | NothingToRelease => {
  const content = contentOf(answer.commits);
  const base = answer.base?.version;
  const common = { previous: base ?? null, changes: content.changes };
  const [carried] = answer.onHead;
  const said = (version: Version) =>
    ({ kind: 'version', version, tag: tagOf(policy.form, version), ...common }) as const;
  if (carried !== undefined) return { ...said(carried), changed: false, bump: 'none', why: { rule: 'tagged' } };
  if (!worthIt(answer, policy, content)) return { kind: 'nothing-to-release', ...common };
  const choice = choose(answer, policy, { content, today });
  const version = unclaimed(choice, answer, policy.form);
  return { ...said(version), changed: true, bump: moved(base, version), why: choice.why };
};
