import * as v from 'valibot';
import { commit, digest, instant, link, positive, versionField, whole, words } from './document-fields.ts';
import { isZone } from './windows.ts';

const moment = v.nullable(instant);
const seconds = v.pipe(v.number(), v.minValue(0));
const amount = v.nullable(v.pipe(v.number(), v.minValue(0)));
const id = positive;
const ids = v.array(id);
const name = words(1000);
const names = v.array(name);
const kind = v.picklist(['deploy', 'rollback', 'rebuild']);
const openState = v.picklist(['pending', 'queued', 'in_progress']);

const repository = v.strictObject({
  owner: name,
  name,
  url: link,
  actionsUrl: link,
  deployUrl: link,
  visibility: v.picklist(['public', 'private'])
});

const figure = v.strictObject({
  rule: v.picklist([
    'deployments',
    'lead-time',
    'since-merge',
    'change-fail-rate',
    'recovery-time',
    'rework-rate',
    'failed-attempts',
    'approval-wait',
    'unattended',
    'batch-size',
    'manual-touches'
  ]),
  unit: v.picklist(['per-day', 'seconds', 'share', 'changes', 'touches']),
  value: amount,
  n: whole,
  part: v.nullable(whole),
  median: amount,
  p90: amount,
  extra: v.nullable(whole),
  target: amount,
  before: amount,
  deliveries: ids
});

const window = v.strictObject({
  days: positive,
  from: instant,
  to: instant,
  figures: v.array(figure),
  quickCheck: v.nullable(v.strictObject({ throughput: seconds, stability: seconds, overall: seconds }))
});

const week = v.strictObject({
  week: v.pipe(v.string(), v.regex(/^[0-9]{4}-W[0-9]{2}$/)),
  from: instant,
  to: instant,
  deployments: whole,
  failed: whole,
  attempts: whole,
  changes: whole,
  leadMedian: amount,
  leadP90: amount,
  deliveries: ids
});

const live = v.union([
  v.strictObject({
    kind: v.literal('version'),
    version: versionField,
    since: instant,
    delivery: id,
    url: v.nullable(link),
    approvedBy: names
  }),
  v.strictObject({ kind: v.literal('nothing') }),
  v.strictObject({ kind: v.literal('unknown'), version: versionField, since: instant, delivery: id })
]);

const waiting = v.strictObject({
  version: v.nullable(versionField),
  releases: whole,
  changes: whole,
  commits: v.array(commit),
  authors: names,
  changeDays: amount,
  oldest: moment,
  oldestSeconds: amount,
  run: v.nullable(v.strictObject({ version: versionField, url: link, since: instant, waitedSeconds: seconds }))
});

const line = v.strictObject({
  component: name,
  live,
  open: v.nullable(
    v.strictObject({ delivery: id, version: versionField, kind, state: openState, since: instant, runUrl: link })
  ),
  waiting: v.nullable(waiting),
  windows: v.array(window),
  weeks: v.array(week)
});

const environment = v.strictObject({
  name,
  needs: names,
  gate: v.picklist(['approval', 'none', 'dispatch']),
  last: v.boolean(),
  lines: v.array(line)
});

const release = v.strictObject({
  component: name,
  version: versionField,
  tag: words(256),
  commit,
  url: link,
  publishedAt: instant,
  previous: v.nullable(versionField),
  changeCount: whole,
  changes: v.nullable(v.array(commit))
});

const change = v.strictObject({
  commit,
  url: link,
  version: versionField,
  type: words(100),
  breaking: v.boolean(),
  scope: v.nullable(name),
  subject: v.nullable(words(10_000)),
  author: name,
  pull: v.nullable(v.strictObject({ number: positive, url: link })),
  date: instant,
  begunAt: instant,
  mends: v.nullable(v.picklist(['hotfix', 'revert']))
});

const failure = v.strictObject({
  causes: v.array(v.picklist(['rollback', 'hotfix', 'revert', 'failed-check', 'incident'])),
  recoveredBy: v.nullable(id),
  recoveredAt: moment,
  seconds
});

const delivery = v.strictObject({
  id,
  node: v.pipe(v.string(), v.regex(/^[!-~]{1,200}$/)),
  environment: name,
  component: name,
  version: versionField,
  tag: words(256),
  digest,
  commit,
  commitUrl: link,
  releaseUrl: v.nullable(link),
  previous: v.nullable(versionField),
  kind,
  redeploy: v.boolean(),
  first: v.boolean(),
  outcome: v.picklist(['live', 'taken-back', 'failed', 'withdrawn', 'open']),
  state: v.picklist(['pending', 'queued', 'in_progress', 'success', 'failure', 'error', 'inactive']),
  createdAt: instant,
  startedAt: moment,
  succeededAt: moment,
  endedAt: moment,
  at: instant,
  durationSeconds: amount,
  requestedBy: name,
  approvedBy: names,
  reason: v.nullable(words(2000)),
  override: names,
  run: v.strictObject({ id: positive, attempt: positive, url: link }),
  url: v.nullable(words(2048)),
  changes: v.array(v.strictObject({ commit, leadSeconds: seconds, mergeSeconds: seconds })),
  changeCount: whole,
  changesKnown: v.boolean(),
  leadTime: v.nullable(v.strictObject({ median: seconds, p90: seconds, n: positive })),
  waitSeconds: amount,
  manualTouches: whole,
  failure: v.nullable(failure),
  rework: v.nullable(v.picklist(['rollback', 'hotfix', 'revert'])),
  mends: ids,
  recordedChanges: whole
});

const journey = v.strictObject({
  component: name,
  version: versionField,
  changes: whole,
  steps: v.array(
    v.strictObject({
      kind: v.picklist(['build', 'wait', 'deliver']),
      environment: v.nullable(name),
      state: v.picklist(['done', 'running', 'waiting', 'failed']),
      from: instant,
      to: moment,
      seconds,
      delivery: v.nullable(id)
    })
  )
});

const incident = v.strictObject({
  number: positive,
  url: link,
  title: v.nullable(words(1000)),
  author: name,
  openedAt: instant,
  closedAt: moment
});

/** `delivery.json`, schema 1. */
export const ReportSchema = v.strictObject({
  schema: v.literal(1),
  generatedAt: instant,
  zone: v.pipe(words(100), v.check(isZone)),
  repository,
  history: v.strictObject({ from: moment, to: instant, complete: v.boolean(), unread: whole }),
  titles: v.boolean(),
  environments: v.array(environment),
  releases: v.array(release),
  changes: v.array(change),
  deliveries: v.array(delivery),
  attempts: v.array(delivery),
  journeys: v.array(journey),
  incidents: v.array(incident)
});

/** Everything a report is, and how a reader takes it. */
export type WrittenReport = v.InferOutput<typeof ReportSchema>;

/** Checked in place and one at a time: a copy of ten thousand entries would double the memory they take. */
const each = <T>(schema: v.GenericSchema<unknown, T>) => v.array(v.custom<T>((item) => v.is(schema, item)));

const ReadSchema = v.strictObject({
  ...ReportSchema.entries,
  releases: each(release),
  changes: each(change),
  deliveries: each(delivery),
  attempts: each(delivery)
});

/** Characters; far more than 20,000 deliveries take. */
const LARGEST = 128 * 1024 * 1024;

/** A report somebody kept; undefined for everything else. Never throws. */
export const parseReport = (text: string): WrittenReport | undefined => {
  if (text.length > LARGEST) return undefined;
  try {
    const result = v.safeParse(ReadSchema, JSON.parse(text), { abortEarly: true });
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
};
