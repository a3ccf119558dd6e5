import type { Change } from '../domain/change.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import { componentOf } from '../domain/ledger.ts';
import type { LedgerChange, LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { PublishedRelease } from '../domain/release.ts';
import type { Incident } from '../domain/report.ts';
import type { TagChanges } from '../domain/tag-message.ts';
import { compareVersions, versionInTag } from '../domain/version.ts';
import type { TagForm, Version } from '../domain/version.ts';
import { isOpen } from './live.ts';

const DAY_MS = 24 * 3600 * 1000;
/** The longest window of the report. */
const WINDOW_DAYS = 90;

/** When the longest window begins, in milliseconds. */
export const windowBegin = (now: Date): number => now.getTime() - WINDOW_DAYS * DAY_MS;

/** A record before it has its number. */
export type Unnumbered = Omit<DeploymentRecord, 'id'> & { readonly node: string };

const byCreation = (a: Unnumbered, b: Unnumbered): number => Date.parse(a.createdAt) - Date.parse(b.createdAt);

/**
 * What was known, with what was read since. Known records keep their numbers, new ones get the next ones in the order
 * they were asked for; `read` is in GitHub's order, newest first.
 */
export const mergeRecords = (known: readonly LedgerRecord[], read: readonly Unnumbered[]): readonly LedgerRecord[] => {
  const fresh = new Map(read.map((record) => [record.node, record]));
  const kept = known.map((record) => {
    const again = fresh.get(record.node);
    fresh.delete(record.node);
    return again === undefined ? record : { ...again, id: record.id };
  });
  const last = kept.reduce((most, { id }) => Math.max(most, id), 0);
  const added = [...fresh.values()].toReversed().toSorted(byCreation);
  return [...kept, ...added.map((record, index) => ({ ...record, id: last + index + 1 }))];
};

/** GitHub takes so many ids at once. */
const MOST_AGAIN = 100;

/** Records that may have changed: those under way, and those that a later one may have replaced. Newest first. */
export const unsettled = (known: readonly LedgerRecord[]): readonly string[] =>
  known
    .filter((record) => isOpen(record) || record.state === 'success')
    .map(({ node }) => node)
    .slice(-MOST_AGAIN)
    .toReversed();

/** The forms of the tags that were delivered, and the one of `delivery.yml`. */
export const formsOf = (configured: TagForm, records: readonly LedgerRecord[]): readonly TagForm[] => {
  const forms = new Map([[JSON.stringify(configured), configured]]);
  for (const { payload } of records) {
    const at = payload.tag.lastIndexOf(payload.version);
    if (at < 0) continue;
    const form = { prefix: payload.tag.slice(0, at), suffix: payload.tag.slice(at + payload.version.length) };
    forms.set(JSON.stringify({ prefix: form.prefix, suffix: form.suffix }), form);
  }
  return [...forms.values()];
};

const versionBy = (forms: readonly TagForm[], tag: string): Version | undefined => {
  for (const form of forms) {
    const version = versionInTag(form, tag);
    if (version !== undefined) return version;
  }
  return undefined;
};

/** Releases of ours; what their documents say is not read yet. */
export const releasesIn = (
  listed: readonly (PublishedRelease & { readonly publishedAt: string })[],
  forms: readonly TagForm[]
): readonly LedgerRelease[] =>
  listed.flatMap(({ tag, commit, url, publishedAt, note }): LedgerRelease[] => {
    const version = versionBy(forms, tag);
    if (version === undefined || note === undefined) return [];
    const component = componentOf(tag, version);
    return [{ component, version, tag, commit, url, publishedAt, changeCount: note.changes, document: null }];
  });

/** Known ones stay as they are; a release never changes what it holds. */
export const mergeReleases = (
  known: readonly LedgerRelease[],
  listed: readonly LedgerRelease[]
): readonly LedgerRelease[] => [...new Map([...listed, ...known].map((release) => [release.tag, release])).values()];

type Success = LedgerRecord & { readonly succeededAt: string };

const succeeded = (record: LedgerRecord): record is Success => record.succeededAt !== undefined;

interface Line {
  readonly component: string;
  /** Successes, the first one first. */
  readonly lives: Success[];
}

const linesIn = (records: readonly LedgerRecord[]): readonly Line[] => {
  const lines = new Map<string, Line>();
  const inOrder = records.filter(succeeded).toSorted((a, b) => Date.parse(a.succeededAt) - Date.parse(b.succeededAt));
  for (const record of inOrder) {
    const component = componentOf(record.payload.tag, record.payload.version);
    const key = `${record.environment}\n${component}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { component, lives: [record] });
    else line.lives.push(record);
  }
  return [...lines.values()];
};

/** For each component the oldest version that was live in a line as the longest window began, or came there first. */
const basesOf = (records: readonly LedgerRecord[], begin: number): ReadonlyMap<string, Version> => {
  const bases = new Map<string, Version>();
  for (const { component, lives } of linesIn(records)) {
    const before = lives.filter(({ succeededAt }) => Date.parse(succeededAt) < begin).slice(-1);
    for (const { payload } of before.length > 0 ? before : lives.slice(0, 1)) {
      const known = bases.get(component);
      if (known === undefined || compareVersions(payload.version, known) < 0) bases.set(component, payload.version);
    }
  }
  return bases;
};

const lacksTitles = ({ document }: LedgerRelease): boolean =>
  document !== null && document.changes.some(({ subject }) => subject === null);

/** Releases that the numbers need: from what was live somewhere 90 days ago, newest first. Older ones lie outside every window. */
export const neededReleases = (
  releases: readonly LedgerRelease[],
  records: readonly LedgerRecord[],
  now: Date
): readonly LedgerRelease[] => {
  const begin = windowBegin(now);
  const bases = basesOf(records, begin);
  const isNew = ({ component, version, publishedAt }: LedgerRelease): boolean => {
    const base = bases.get(component);
    return base === undefined ? Date.parse(publishedAt) >= begin : compareVersions(version, base) >= 0;
  };
  return releases
    .filter(isNew)
    .toSorted((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt) || compareVersions(b.version, a.version));
};

/** Those of them whose documents nobody has read. */
export const unreadReleases = (
  releases: readonly LedgerRelease[],
  records: readonly LedgerRecord[],
  { now, titles }: { readonly now: Date; readonly titles: boolean }
): readonly LedgerRelease[] =>
  neededReleases(releases, records, now).filter(
    (release) => release.document === null || (titles && lacksTitles(release))
  );

/** Without what people wrote: titles, scopes and reasons. Names of people, numbers and types stay. */
export const untitledRecord = <R extends Unnumbered>(record: R): R => ({
  ...record,
  payload: { ...record.payload, reason: null }
});

export const untitledRelease = (release: LedgerRelease): LedgerRelease => {
  const { document } = release;
  if (document === null) return release;
  const changes = document.changes.map((change) => ({ ...change, scope: null, subject: null }));
  return { ...release, document: { ...document, changes } };
};

export const untitledIncident = (incident: Incident): Incident => ({ ...incident, title: null });

const HOTFIX = /(?<![\p{L}\p{N}])hot-?fix(?![\p{L}\p{N}])/iu;

/** A correction that was not planned says so in its type, its scope or its title. */
const mendsOf = ({ type, scope, subject }: Change): LedgerChange['mends'] => {
  if (type === 'revert') return 'revert';
  return [type, scope ?? '', subject].some((text) => HOTFIX.test(text)) ? 'hotfix' : null;
};

/** When git was first used (its own first commit): what was written before it has a date from a clock that was wrong. */
const FIRST_COMMIT = Date.parse('2005-04-07T22:13:13Z');

/** Whoever makes a commit chooses its dates; none moves the beginning to a later moment. */
const writtenAt = ({ authored, date }: Pick<Change, 'authored' | 'date'>): string => {
  const [written, committed] = [Date.parse(authored ?? date), Date.parse(date)];
  return new Date(written >= FIRST_COMMIT && written < committed ? written : committed).toISOString();
};

/** A change as a report keeps it; what people wrote only where titles are wanted. */
export const ledgerChange = (change: Change, titles: boolean): LedgerChange => {
  const date = new Date(change.date).toISOString();
  return {
    commit: change.commit,
    type: change.type,
    breaking: change.breaking,
    scope: titles ? (change.scope ?? null) : null,
    subject: titles ? change.subject : null,
    author: change.author,
    pull: change.pull ?? null,
    date,
    begunAt: writtenAt(change),
    begunBy: change.pull === undefined ? 'commit' : 'unread',
    mends: mendsOf(change)
  };
};

/** What the tag of a release says of its changes; null when it does not carry them, or speaks of another version. */
export const carriedDocument = (
  { version }: Pick<LedgerRelease, 'version'>,
  carried: TagChanges | undefined,
  titles: boolean
): LedgerRelease['document'] => {
  if (carried?.version !== version) return null;
  return { previous: carried.previous, changes: carried.changes.map((change) => ledgerChange(change, titles)) };
};
