import { knownChanges } from '../domain/ledger.ts';
import type { LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { Journey, JourneyStep } from '../domain/report.ts';
import { compareVersions } from '../domain/version.ts';
import { isOpen, standing } from './live.ts';
import type { LineWork } from './metrics-lines.ts';

const SECOND_MS = 1000;
const MOST = 10;

interface Part extends Pick<JourneyStep, 'kind' | 'state'> {
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
  readonly environment?: string;
  readonly delivery?: number;
}

const stepOf = ({ kind, state, from, to, environment, delivery }: Part, now: number): JourneyStep => ({
  kind,
  environment: environment ?? null,
  state,
  from: new Date(from).toISOString(),
  to: to === undefined ? null : new Date(to).toISOString(),
  seconds: Math.max(0, Math.round(((to ?? now) - from) / SECOND_MS)),
  delivery: delivery ?? null
});

/** From the beginning of its oldest change to the release; nothing where its changes are not known. */
const buildOf = (release: LedgerRelease): readonly Part[] => {
  const begun = knownChanges(release).map(({ begunAt }) => Date.parse(begunAt));
  if (begun.length === 0) return [];
  const from = begun.reduce((a, b) => Math.min(a, b));
  return [{ kind: 'build', state: 'done', from, to: Date.parse(release.publishedAt) }];
};

const deliverOf = (record: LedgerRecord): Part => {
  const base = { kind: 'deliver', environment: record.environment, delivery: record.id } as const;
  const from = Date.parse(record.createdAt);
  if (record.succeededAt !== undefined) return { ...base, state: 'done', from, to: Date.parse(record.succeededAt) };
  return isOpen(record)
    ? { ...base, state: 'running', from, to: undefined }
    : { ...base, state: 'failed', from, to: Date.parse(record.endedAt ?? record.createdAt) };
};

/** It ended before it touched anything: as if nobody had asked. */
const isWithdrawn = ({ state, succeededAt }: LedgerRecord): boolean =>
  state === 'inactive' && succeededAt === undefined;

/** The record that tells how the version got there: its first success, else its newest attempt. */
const tellingRecord = ({ records }: LineWork, { version }: LedgerRelease): LedgerRecord | undefined => {
  const own = records.filter((record) => record.payload.version === version && !isWithdrawn(record));
  return own.findLast(({ succeededAt }) => succeededAt !== undefined) ?? own.at(0);
};

/** When it could have gone there: at its release where nothing is needed, else when all it needs had proven it. */
const readyAt = (line: LineWork, { version, publishedAt }: LedgerRelease): number | undefined =>
  line.environment.needs.length === 0 ? Date.parse(publishedAt) : line.provenAt(version);

const isOvertaken = (line: LineWork, { version }: LedgerRelease): boolean => {
  const now = standing(line.records);
  return now !== undefined && compareVersions(now, version) > 0;
};

const throughLine = (line: LineWork, release: LedgerRelease): readonly Part[] => {
  const ready = readyAt(line, release);
  const record = tellingRecord(line, release);
  const environment = line.environment.name;
  if (record === undefined) {
    if (ready === undefined || isOvertaken(line, release)) return [];
    return [{ kind: 'wait', state: 'waiting', from: ready, to: undefined, environment }];
  }
  const deliver = deliverOf(record);
  const waited = ready !== undefined && ready < deliver.from;
  return waited ? [{ kind: 'wait', state: 'done', from: ready, to: deliver.from, environment }, deliver] : [deliver];
};

/** The ways of the newest versions of a component through its lines, which stand in the order of `delivery.yml`. */
export const journeysOf = (lines: readonly LineWork[], now: Date): readonly Journey[] =>
  lines
    .slice(0, 1)
    .flatMap(({ releases }) => releases.slice(0, MOST))
    .map((release) => ({
      component: release.component,
      version: release.version,
      changes: release.changeCount,
      steps: [...buildOf(release), ...lines.flatMap((line) => throughLine(line, release))].map((part) =>
        stepOf(part, now.getTime())
      )
    }));
