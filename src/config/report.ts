import * as v from 'valibot';
import { commit, instant, link, positive, versionField, whole, words } from './document-fields.ts';
import {
  amount,
  change,
  delivery,
  id,
  ids,
  incident,
  journey,
  kind,
  moment,
  name,
  names,
  release,
  seconds
} from './report-entries.ts';
import { isZone } from './windows.ts';

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

/** `delivery.json`, schema 1. */
export const ReportSchema = v.strictObject({
  schema: v.literal(1),
  generatedAt: instant,
  zone: v.pipe(words(100), v.check(isZone)),
  repository,
  history: v.strictObject({ from: moment, to: instant, complete: v.boolean(), unread: whole, unbegun: whole }),
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
export const LARGEST_REPORT = 128 * 1024 * 1024;

/** The list whose entries begin after this line, each on a line of its own, as `report` writes them. */
const listAfter = (row: string): string | undefined => /"([a-z]+)":\[$/.exec(row)?.[1];

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * A report somebody kept, line by line; undefined for everything else. A long history is never in memory as text, only
 * its entries, one after the other. JSON without such lines is read as well, at once.
 */
export const readReport = async (
  rows: AsyncIterable<string> | Iterable<string>
): Promise<WrittenReport | undefined> => {
  const frame: string[] = [];
  const lists = new Map<string, unknown[]>();
  let [list, length]: [string | undefined, number] = [undefined, 0];
  for await (const row of rows) {
    length += row.length;
    if (length > LARGEST_REPORT) return undefined;
    if (list !== undefined && row.startsWith('{')) {
      const entries = lists.get(list) ?? [];
      lists.set(list, entries);
      entries.push(jsonIn(row.endsWith(',') ? row.slice(0, -1) : row));
    } else {
      frame.push(row);
      list = listAfter(row);
    }
  }
  const candidate: unknown = Object.assign(Object(jsonIn(frame.join('\n'))), Object.fromEntries(lists));
  const read = v.safeParse(ReadSchema, candidate, { abortEarly: true });
  return read.success ? read.output : undefined;
};
