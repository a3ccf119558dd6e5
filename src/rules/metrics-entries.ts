import { knownChanges } from '../domain/ledger.ts';
import type { LedgerChange, LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { ChangeEntry, DeliveryEntry, Failure, ReleaseEntry } from '../domain/report.ts';
import type { Cargo } from './metrics-arrivals.ts';
import type { Failed, Judged } from './metrics-failures.ts';
import type { Going } from './metrics-line.ts';
import type { LineWork } from './metrics-lines.ts';
import { spreadOf } from './spread.ts';

const SECOND_MS = 1000;

/** What entries need beside their own line. */
export interface EntryFacts {
  /** `https://github.com/acme/shop`. */
  readonly url: string;
  /** Pages of releases by their tag. */
  readonly releaseUrls: ReadonlyMap<string, string>;
}

const failureOf = ({ causes, recovery, seconds }: Failed): Failure => ({
  causes,
  recoveredBy: recovery?.by?.record.id ?? null,
  recoveredAt: recovery === undefined ? null : new Date(recovery.at).toISOString(),
  seconds
});

const durationOf = ({ startedAt, createdAt, succeededAt, endedAt }: LedgerRecord): number | null => {
  const end = succeededAt ?? endedAt;
  if (end === undefined) return null;
  return Math.max(0, Math.round((Date.parse(end) - Date.parse(startedAt ?? createdAt)) / SECOND_MS));
};

const recordPart = (record: LedgerRecord, facts: EntryFacts) => {
  const { payload } = record;
  return {
    id: record.id,
    node: record.node,
    environment: record.environment,
    version: payload.version,
    tag: payload.tag,
    digest: payload.digest,
    commit: record.commit,
    commitUrl: `${facts.url}/commit/${record.commit}`,
    releaseUrl: facts.releaseUrls.get(payload.tag) ?? null,
    previous: payload.previous,
    kind: payload.kind,
    state: record.state,
    createdAt: record.createdAt,
    startedAt: record.startedAt ?? null,
    succeededAt: record.succeededAt ?? null,
    endedAt: record.endedAt ?? null,
    durationSeconds: durationOf(record),
    requestedBy: payload.requestedBy,
    approvedBy: payload.approvedBy,
    reason: payload.reason,
    override: payload.override,
    run: payload.run,
    url: record.url ?? null,
    manualTouches: payload.manualTouches,
    recordedChanges: payload.changes
  };
};

const cargoPart = ({ arrivals, count, known }: Cargo) => {
  const leads = spreadOf(arrivals.map(({ leadSeconds }) => leadSeconds));
  return {
    changes: arrivals.map(({ change, leadSeconds, mergeSeconds }) => ({
      commit: change.commit,
      leadSeconds,
      mergeSeconds
    })),
    changeCount: count,
    changesKnown: known,
    leadTime: leads ?? null
  };
};

const goingPart = (going: Going, component: string) => ({
  component,
  redeploy: going.redeploy,
  first: going.first,
  outcome: going.outcome,
  at: new Date(going.at).toISOString()
});

/** Which failed deliveries each delivery ended. */
const mendedBy = (judged: readonly Judged[]): ReadonlyMap<number, readonly number[]> => {
  const mended = new Map<number, number[]>();
  for (const { going, failure } of judged) {
    const by = failure?.recovery?.by?.record.id;
    if (by !== undefined) mended.set(by, [...(mended.get(by) ?? []), going.record.id]);
  }
  return mended;
};

export const deliveryEntries = (line: LineWork, facts: EntryFacts): readonly DeliveryEntry[] => {
  const mended = mendedBy(line.judged);
  return line.judged.map(({ going, cargo, failure, rework }) => ({
    ...recordPart(going.record, facts),
    ...goingPart(going, line.component),
    ...cargoPart(cargo),
    waitSeconds: line.waitOf(going) ?? null,
    failure: failure === undefined ? null : failureOf(failure),
    rework: rework ?? null,
    mends: mended.get(going.record.id) ?? []
  }));
};

const NO_CARGO: Cargo = { arrivals: [], count: 0, known: false };

export const attemptEntries = (line: LineWork, facts: EntryFacts): readonly DeliveryEntry[] =>
  line.attempts.map((going) => ({
    ...recordPart(going.record, facts),
    ...goingPart(going, line.component),
    ...cargoPart({ ...NO_CARGO, count: going.record.payload.changes }),
    waitSeconds: line.waitOf(going) ?? null,
    failure: null,
    rework: null,
    mends: []
  }));

export const releaseEntry = (release: LedgerRelease): ReleaseEntry => {
  const { document, ...rest } = release;
  return {
    ...rest,
    previous: document === null ? null : document.previous,
    changes: document === null ? null : knownChanges(release).map(({ commit }) => commit)
  };
};

export const changeEntry = (change: LedgerChange, version: string, url: string): ChangeEntry => ({
  ...change,
  url: `${url}/commit/${change.commit}`,
  version,
  pull: change.pull === null ? null : { number: change.pull, url: `${url}/pull/${change.pull}` }
});
