import { componentOf } from '../domain/ledger.ts';
import type { LedgerFacts, LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { Incident } from '../domain/report.ts';
import { compareVersions } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';
import type { Calendar } from './calendar.ts';
import { loadsOf } from './metrics-arrivals.ts';
import { judge } from './metrics-failures.ts';
import type { LineHistory } from './metrics-figures.ts';
import { historyOf } from './metrics-line.ts';
import type { Going } from './metrics-line.ts';

type Listed = LedgerFacts['environments'][number];

/** One component in one environment, everything about it worked out. */
export interface LineWork extends LineHistory {
  readonly environment: Listed;
  readonly component: string;
  /** As they come from GitHub, the newest first. */
  readonly records: readonly LedgerRecord[];
  /** Of the component, newest version first. */
  readonly releases: readonly LedgerRelease[];
  readonly provenAt: (version: Version) => number | undefined;
  readonly runsOf: (version: Version) => readonly LedgerRecord[];
  /** Seconds from the proof in what it needs to its beginning; undefined when there is none, and for what was there before. */
  readonly waitOf: (going: Going) => number | undefined;
}

const SECOND_MS = 1000;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const keyOf = (environment: string, component: string): string => `${environment.toLowerCase()}\n${component}`;

const grouped = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
};

interface Sorted {
  readonly facts: LedgerFacts;
  readonly calendar: Calendar;
  /** By environment and component, the newest first. */
  readonly records: ReadonlyMap<string, readonly LedgerRecord[]>;
  readonly releases: ReadonlyMap<string, readonly LedgerRelease[]>;
  /** First successes of a version by environment and component. */
  readonly successes: ReadonlyMap<string, ReadonlyMap<Version, readonly LedgerRecord[]>>;
}

const componentIn = ({ payload }: LedgerRecord): string => componentOf(payload.tag, payload.version);

/** Successes of each version, the first one first. */
const byVersion = (records: readonly LedgerRecord[]): ReadonlyMap<Version, readonly LedgerRecord[]> => {
  const versions = new Map<Version, LedgerRecord[]>();
  for (const record of records.toReversed()) {
    if (record.succeededAt === undefined) continue;
    const { version } = record.payload;
    const known = versions.get(version);
    if (known === undefined) versions.set(version, [record]);
    else known.push(record);
  }
  return versions;
};

const sorted = (facts: LedgerFacts, calendar: Calendar): Sorted => {
  const newest = facts.records.toSorted((a, b) => b.id - a.id);
  const records = grouped(newest, (record) => keyOf(record.environment, componentIn(record)));
  const releases = grouped(
    facts.releases.toSorted((a, b) => compareVersions(b.version, a.version)),
    ({ component }) => component
  );
  const successes = new Map([...records].map(([key, own]) => [key, byVersion(own)]));
  return { facts, calendar, records, releases, successes };
};

/** A gate stands before nothing where the environment needs no other. */
const proofs = ({ successes }: Sorted, environment: Listed, component: string) => {
  const needed = environment.needs.map((need) => successes.get(keyOf(need, component)));
  const runsOf = (version: Version): readonly LedgerRecord[] => needed.flatMap((each) => each?.get(version) ?? []);
  const provenAt = (version: Version): number | undefined => {
    const times = needed.map((each) => Date.parse(each?.get(version)?.at(0)?.succeededAt ?? ''));
    const last = Math.max(...times);
    return times.length === 0 || Number.isNaN(last) ? undefined : last;
  };
  return { runsOf, provenAt };
};

const waiting =
  (provenAt: LineWork['provenAt']): LineWork['waitOf'] =>
  ({ record, rollback, redeploy }) => {
    const since = rollback || redeploy ? undefined : provenAt(record.payload.version);
    if (since === undefined) return undefined;
    return Math.max(0, Math.round((Date.parse(record.createdAt) - since) / SECOND_MS));
  };

/** Only where a person was asked, or chose. */
const isAsked = ({ payload }: LedgerRecord): boolean => payload.approvedBy.length > 0 || payload.manualTouches > 0;

/** Versions end in an environment that no other needs. */
export const isLast = ({ environments }: LedgerFacts, { name }: Listed): boolean =>
  environments.every(({ needs }) => !needs.some((need) => same(need, name)));

const during = ({ startedAt, createdAt, endedAt }: LedgerRecord, moment: number): boolean =>
  Date.parse(startedAt ?? createdAt) <= moment && (endedAt === undefined || moment <= Date.parse(endedAt));

/** A line that stopped while an attempt broke was stopped by it: the attempt tells it already, wherever it was. */
const blamable = (incidents: readonly Incident[], records: readonly LedgerRecord[]): readonly Incident[] => {
  const broken = records.filter(({ state, succeededAt }) => succeededAt === undefined && state !== 'inactive');
  return incidents.filter(({ openedAt }) => !broken.some((record) => during(record, Date.parse(openedAt))));
};

const lineOf = (all: Sorted, environment: Listed, component: string): LineWork => {
  const { facts, calendar } = all;
  const records = all.records.get(keyOf(environment.name, component)) ?? [];
  const releases = all.releases.get(component) ?? [];
  const { went, attempts } = historyOf(records);
  const incidents = isLast(facts, environment) ? blamable(facts.incidents, facts.records) : [];
  const judged = judge({ went: loadsOf(went, releases), incidents, now: facts.now });
  const { runsOf, provenAt } = proofs(all, environment, component);
  const waitOf = waiting(provenAt);
  const waitedFor = (going: Going): number | undefined => (isAsked(going.record) ? waitOf(going) : undefined);
  return { environment, component, records, releases, judged, attempts, calendar, runsOf, provenAt, waitOf, waitedFor };
};

/** Every component seen in an environment, the one of `delivery.yml` first; that one is there in any case. */
const componentsIn = ({ facts, records }: Sorted, { name }: Listed): readonly string[] => {
  const seen = [...records.keys()].flatMap((key) => {
    const start = keyOf(name, '');
    return key.startsWith(start) ? [key.slice(start.length)] : [];
  });
  return [...new Set([facts.component, ...seen.toSorted()])];
};

/** The lines of each environment, in the order of `delivery.yml`. */
export const linesOf = (facts: LedgerFacts, calendar: Calendar): ReadonlyMap<Listed, readonly LineWork[]> => {
  const all = sorted(facts, calendar);
  return new Map(
    facts.environments.map((environment) => [
      environment,
      componentsIn(all, environment).map((component) => lineOf(all, environment, component))
    ])
  );
};
