import type { Conversation, Presence } from '../domain/announcement.ts';
import type { Change } from '../domain/change.ts';
import type { DeploymentRecord, Live } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import { compareVersions } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';
import { liveIn, succeeded } from './live.ts';
import type { Span } from './promotion.ts';

type Records = readonly DeploymentRecord[];

/** Where the line ends: what no other environment needs. */
export const lastEnvironments = (environments: readonly Environment[]): readonly Environment[] =>
  environments.filter(({ name }) => !environments.some(({ needs }) => needs.includes(name)));

/** How many records of an environment one answer lists; fewer are all there are. */
const LISTED = 30;

/**
 * Whether a version's changes are in an environment: the newest success decides, and the oldest success of the same
 * answer in a row tells since when. Undefined: they never were there.
 */
export const presenceOf = (records: Records, version: Version): Presence | undefined => {
  const successes = records.filter(succeeded);
  const holds = (record: DeploymentRecord): boolean => compareVersions(record.payload.version, version) >= 0;
  const there = successes.slice(0, 1).some(holds);
  const turned = successes.findIndex((record) => holds(record) !== there);
  const first = (turned === -1 ? successes : successes.slice(0, turned)).at(-1);
  if (first === undefined) return undefined;
  const { payload, succeededAt: since } = first;
  const { version: by } = payload;
  if (!there) return turned === -1 ? undefined : { kind: 'taken-back', by, since };
  return turned === -1 && records.length >= LISTED ? { kind: 'there', by } : { kind: 'there', by, since };
};

/** What runs in an environment now and what stood there before, also when it had broken. */
export interface Turn {
  readonly record: DeploymentRecord;
  readonly from: Version | undefined;
  readonly event: 'delivered' | 'rolled-back';
}

/** Undefined while nothing runs there, or nobody knows what. */
export const turnIn = (records: Records): Turn | undefined => {
  const live: Live = liveIn(records);
  if (live.kind !== 'version') return undefined;
  const { record } = live;
  const { version, previous } = record.payload;
  const before = records.find(
    ({ id, startedAt, succeededAt, payload }) =>
      id < record.id && payload.version !== version && (startedAt ?? succeededAt) !== undefined
  );
  const from = before?.payload.version ?? (previous === version ? undefined : (previous ?? undefined));
  const back = from !== undefined && compareVersions(version, from) < 0;
  return { record, from, event: back ? 'rolled-back' : 'delivered' };
};

/** Everything between the lowest and the highest of them; what is not known counts as older than everything. */
export const spanOf = (versions: readonly (Version | undefined)[]): Span | undefined => {
  const known = versions.filter((version) => version !== undefined).toSorted(compareVersions);
  const [low, to] = [known.at(0), known.at(-1)];
  if (low === undefined || to === undefined) return undefined;
  return { from: known.length < versions.length ? undefined : low, to };
};

/** What everybody has got: the oldest of what runs in the last environments. */
export const latestOf = (versions: readonly Version[]): Version | undefined => versions.toSorted(compareVersions).at(0);

export interface Shipped {
  readonly version: Version;
  readonly changes: readonly Change[];
}

/** Each pull request with the first version that holds it. */
export const pullsIn = (releases: readonly Shipped[]): ReadonlyMap<number, Version> => {
  const pulls = new Map<number, Version>();
  for (const { version, changes } of releases.toSorted((a, b) => compareVersions(a.version, b.version)))
    for (const { pull } of changes) if (pull !== undefined && !pulls.has(pull)) pulls.set(pull, version);
  return pulls;
};

export const isSkipped = ({ labels }: Conversation, skipLabel: string): boolean =>
  labels.some((label) => label.toLowerCase() === skipLabel.toLowerCase());

/** Issues that the pull requests close, each with the last version that holds one of them. */
export const issuesOf = (
  pulls: readonly Conversation[],
  versions: ReadonlyMap<number, Version>
): ReadonlyMap<number, Version> => {
  const issues = new Map<number, Version>();
  for (const { number, closes } of pulls) {
    const version = versions.get(number);
    for (const issue of version === undefined ? [] : closes) {
      const other = issues.get(issue);
      if (version !== undefined && (other === undefined || compareVersions(version, other) > 0))
        issues.set(issue, version);
    }
  }
  return issues;
};

export type CommentStep =
  | { readonly kind: 'create'; readonly body: string }
  | { readonly kind: 'edit'; readonly id: number; readonly body: string }
  | { readonly kind: 'delete'; readonly id: number };

/** GitHub may keep a text with other ends of lines than it was given. */
const sameText = (a: string, b: string): boolean =>
  a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();

/** What is missing until exactly one comment of ours says this; of doubles the oldest stays. */
export const stepsFor = ({ ours }: Pick<Conversation, 'ours'>, body: string): readonly CommentStep[] => {
  const [first, ...doubles] = ours.toSorted((a, b) => a.id - b.id);
  if (first === undefined) return [{ kind: 'create', body }];
  const edits: CommentStep[] = sameText(first.body, body) ? [] : [{ kind: 'edit', id: first.id, body }];
  return [...edits, ...doubles.map(({ id }): CommentStep => ({ kind: 'delete', id }))];
};

/**
 * The line by which our comment is found again, which no reader sees. A repository with several components has one for
 * each: their tags differ.
 */
export const markerOf = (tag: string): string =>
  `<!-- esteira:announcement ${encodeURIComponent(tag.toWellFormed()).replaceAll('-', '%2D')} -->`;
