import type { LedgerChange, LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { Incident } from '../domain/report.ts';
import type { WrittenReport } from './report.ts';

type Delivery = WrittenReport['deliveries'][number];

/** What an earlier report knew, as facts again: every number is worked out anew from them. */
export interface Kept {
  /** Oldest first. */
  readonly records: readonly LedgerRecord[];
  readonly releases: readonly LedgerRelease[];
  readonly incidents: readonly Incident[];
  readonly complete: boolean;
}

export const NOTHING_KEPT: Kept = { records: [], releases: [], incidents: [], complete: false };

const payloadOf = (entry: Delivery): LedgerRecord['payload'] => ({
  schema: 1,
  version: entry.version,
  tag: entry.tag,
  digest: entry.digest,
  kind: entry.kind,
  previous: entry.previous,
  reason: entry.reason,
  override: entry.override,
  requestedBy: entry.requestedBy,
  approvedBy: entry.approvedBy,
  run: entry.run,
  changes: entry.recordedChanges,
  manualTouches: entry.manualTouches
});

const recordOf = (entry: Delivery): LedgerRecord => ({
  id: entry.id,
  node: entry.node,
  environment: entry.environment,
  commit: entry.commit,
  state: entry.state,
  createdAt: entry.createdAt,
  ...(entry.startedAt === null ? {} : { startedAt: entry.startedAt }),
  ...(entry.succeededAt === null ? {} : { succeededAt: entry.succeededAt }),
  ...(entry.endedAt === null ? {} : { endedAt: entry.endedAt }),
  ...(entry.url === null ? {} : { url: entry.url }),
  payload: payloadOf(entry)
});

const changeOf = ({ url: _, version: __, pull, ...rest }: WrittenReport['changes'][number]): LedgerChange => ({
  ...rest,
  pull: pull?.number ?? null
});

const releaseOf = (
  { previous, changes, ...rest }: WrittenReport['releases'][number],
  known: ReadonlyMap<string, LedgerChange>
): LedgerRelease => {
  const found = changes?.flatMap((commit) => known.get(commit) ?? []);
  const whole = found !== undefined && found.length === changes?.length;
  return { ...rest, document: whole ? { previous, changes: found } : null };
};

/** The facts of a report. */
export const keptIn = (report: WrittenReport): Kept => {
  const changes = new Map(report.changes.map((change) => [change.commit, changeOf(change)]));
  const records = [...report.deliveries, ...report.attempts].map(recordOf);
  return {
    records: records.toSorted((a, b) => a.id - b.id),
    releases: report.releases.map((release) => releaseOf(release, changes)),
    incidents: report.incidents,
    complete: report.history.complete
  };
};
