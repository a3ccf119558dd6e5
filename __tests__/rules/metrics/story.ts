import type { RecordState } from '../../../src/domain/deployment.ts';
import type { LedgerChange, LedgerFacts, LedgerRecord, LedgerRelease } from '../../../src/domain/ledger.ts';
import type { Figure, Incident, Line, MetricRule } from '../../../src/domain/report.ts';
import { parseVersion } from '../../../src/domain/version.ts';
import type { Version } from '../../../src/domain/version.ts';
import { calendarOf } from '../../../src/rules/calendar.ts';
import { figuresOf } from '../../../src/rules/metrics-figures.ts';
import { linesOf } from '../../../src/rules/metrics-lines.ts';
import type { LineWork } from '../../../src/rules/metrics-lines.ts';
import { reportOf } from '../../../src/rules/metrics.ts';
import type { ReportFacts } from '../../../src/rules/metrics.ts';

export const HOUR = 3600;

export const v = (text: string): Version => {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

/** `07-06 15:00` of 2026, UTC. */
export const at = (text: string): string => new Date(`2026-${text.replace(' ', 'T')}:00Z`).toISOString();

export const change = (commit: string, date: string, more: Partial<LedgerChange> = {}): LedgerChange => ({
  commit: commit.padEnd(40, '0'),
  type: 'feat',
  breaking: false,
  scope: null,
  subject: `change ${commit}`,
  author: 'ana',
  pull: null,
  date,
  begunAt: date,
  begunBy: 'commit',
  mends: null,
  ...more
});

export const release = (
  version: string,
  previous: string | null,
  changes: readonly LedgerChange[],
  more: Partial<LedgerRelease> = {}
): LedgerRelease => ({
  component: '',
  version: v(version),
  tag: `v${version}`,
  commit: changes.at(-1)?.commit ?? 'f'.repeat(40),
  url: `https://github.com/acme/shop/releases/tag/v${version}`,
  publishedAt: changes.at(-1)?.date ?? at('01-01 00:00'),
  changeCount: changes.length,
  document: { previous: previous === null ? null : v(previous), changes },
  ...more
});

export interface Told {
  readonly id: number;
  readonly version: string;
  /** When it succeeded, or was to. */
  readonly at: string;
  readonly environment?: string;
  readonly state?: RecordState;
  readonly kind?: 'deploy' | 'rollback' | 'rebuild';
  readonly changes?: number;
  readonly record?: Partial<LedgerRecord>;
  readonly payload?: Partial<LedgerRecord['payload']>;
}

export const record = (told: Told): LedgerRecord => {
  const { id, state = 'inactive', environment = 'production', kind = 'deploy', version } = told;
  const good = state === 'success' || state === 'inactive';
  return {
    id,
    node: `DE_${id}`,
    environment,
    commit: 'c'.repeat(40),
    state,
    createdAt: told.at,
    startedAt: told.at,
    ...(good ? { succeededAt: told.at } : { endedAt: told.at }),
    payload: {
      schema: 1,
      version: v(version),
      tag: `v${version}`,
      digest: `sha256:${'d'.repeat(64)}`,
      kind,
      previous: null,
      reason: null,
      override: [],
      requestedBy: 'ana',
      approvedBy: ['bruno'],
      run: { id: id + 1000, attempt: 1, url: `https://github.com/acme/shop/actions/runs/${id + 1000}` },
      changes: told.changes ?? 1,
      manualTouches: 1,
      ...told.payload
    },
    ...told.record
  };
};

export const incident = (number: number, openedAt: string, closedAt: string | null): Incident => ({
  number,
  url: `https://github.com/acme/shop/issues/${number}`,
  title: 'broken',
  author: 'ana',
  openedAt,
  closedAt
});

export const facts = (told: Partial<ReportFacts> = {}): ReportFacts => ({
  now: new Date(at('07-20 00:00')),
  zone: 'UTC',
  environments: [
    { name: 'staging', needs: [], gate: 'none' },
    { name: 'production', needs: ['staging'], gate: 'approval' }
  ],
  component: '',
  records: [],
  releases: [],
  incidents: [],
  waitingRuns: null,
  repository: {
    owner: 'acme',
    name: 'shop',
    url: 'https://github.com/acme/shop',
    actionsUrl: 'https://github.com/acme/shop/actions',
    deployUrl: 'https://github.com/acme/shop/actions/workflows/deploy-version.yml',
    visibility: 'public'
  },
  titles: true,
  complete: true,
  unread: 0,
  unbegun: 0,
  ...told
});

/** The only line of an environment. */
export const workOf = (told: LedgerFacts, environment = 'production'): LineWork => {
  const found = [...linesOf(told, calendarOf(told.zone))].find(([{ name }]) => name === environment)?.[1].at(0);
  if (found === undefined) throw new Error(`no environment ${environment}`);
  return found;
};

export const lineOf = (told: ReportFacts, environment = 'production'): Line => {
  const found = reportOf(told)
    .environments.find(({ name }) => name === environment)
    ?.lines.at(0);
  if (found === undefined) throw new Error(`no environment ${environment}`);
  return found;
};

/** The figures of any period. */
export const figures = (told: LedgerFacts, from: string, to: string): ((rule: MetricRule) => Figure) => {
  const all = figuresOf(workOf(told), { from: Date.parse(from), to: Date.parse(to) });
  return (rule) => {
    const found = all.find((figure) => figure.rule === rule);
    if (found === undefined) throw new Error(rule);
    return found;
  };
};
