import * as v from 'valibot';
import { commit, digest, instant, link, positive, versionField, whole, words } from './document-fields.ts';

export const moment = v.nullable(instant);
export const seconds = v.pipe(v.number(), v.minValue(0));
export const amount = v.nullable(v.pipe(v.number(), v.minValue(0)));
export const id = positive;
export const ids = v.array(id);
export const name = words(1000);
export const names = v.array(name);
export const kind = v.picklist(['deploy', 'rollback', 'rebuild']);

export const release = v.strictObject({
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

export const change = v.strictObject({
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
  begunBy: v.picklist(['pull-request', 'commit', 'unread']),
  mends: v.nullable(v.picklist(['hotfix', 'revert']))
});

const failure = v.strictObject({
  causes: v.array(v.picklist(['rollback', 'hotfix', 'revert', 'failed-check', 'incident'])),
  recoveredBy: v.nullable(id),
  recoveredAt: moment,
  seconds
});

export const delivery = v.strictObject({
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

export const journey = v.strictObject({
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

export const incident = v.strictObject({
  number: positive,
  url: link,
  title: v.nullable(words(1000)),
  author: name,
  openedAt: instant,
  closedAt: moment
});
