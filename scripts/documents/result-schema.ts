import * as v from 'valibot';
import { COMMANDS, LANGUAGES, REASONS, VERDICTS } from '../../src/contract.ts';
import type { ReasonCode } from '../../src/contract.ts';
import { versionField, whole, positive } from '../../src/config/document-fields.ts';
import { PAYLOAD } from '../../src/config/payload.ts';

const optional = <const S extends v.GenericSchema>(schema: S) => v.exactOptional(schema);
const strings = v.array(v.string());

const reasonOf = (code: ReasonCode) =>
  v.strictObject({
    code: v.literal(code),
    details: v.strictObject(Object.fromEntries(REASONS[code].map((name) => [name, v.string()])))
  });

const codes = Object.keys(REASONS).flatMap((name) => (isCode(name) ? [name] : []));

function isCode(name: string): name is ReasonCode {
  return Object.hasOwn(REASONS, name);
}

export const ReasonSchema = v.union(codes.map(reasonOf));

const record = v.strictObject({
  id: positive,
  environment: v.string(),
  commit: v.string(),
  state: v.picklist(['pending', 'queued', 'in_progress', 'success', 'failure', 'error', 'inactive']),
  createdAt: v.string(),
  startedAt: optional(v.string()),
  succeededAt: optional(v.string()),
  endedAt: optional(v.string()),
  url: optional(v.string()),
  payload: v.strictObject({ ...PAYLOAD, run: v.strictObject(PAYLOAD.run.entries) })
});

const live = v.union([
  v.strictObject({ kind: v.literal('version'), record }),
  v.strictObject({ kind: v.literal('nothing') }),
  v.strictObject({ kind: v.literal('unknown'), record })
]);

const row = v.strictObject({
  environment: v.string(),
  live,
  blocked: optional(ReasonSchema),
  waiting: whole,
  after: optional(strings),
  asks: optional(v.literal(true))
});

export const changeShape = v.strictObject({
  commit: v.string(),
  type: v.string(),
  scope: optional(v.string()),
  subject: v.string(),
  breaking: v.boolean(),
  author: v.string(),
  pull: optional(positive),
  date: v.string()
});

const proposal = v.strictObject({
  offer: v.picklist(['button', 'by-hand', 'straight']),
  kind: v.picklist(['deploy', 'rollback']),
  batch: v.strictObject({ changes: whole, releases: whole, complete: v.boolean(), oldest: optional(v.string()) }),
  proofs: v.array(v.strictObject({ environment: v.string(), succeededAt: v.string(), runUrl: v.string() })),
  approvers: strings,
  preventSelfReview: v.boolean(),
  runUrl: v.string()
});

const finding = v.strictObject({
  severity: v.picklist(['broken', 'note', 'unchecked']),
  flaw: v.looseObject({ kind: v.string() }),
  place: v.union([
    v.strictObject({
      kind: v.literal('page'),
      page: v.picklist(['environments', 'rules', 'releases', 'actions', 'pages'])
    }),
    v.strictObject({ kind: v.literal('file'), path: v.string(), line: positive })
  ])
});

const cut = v.strictObject({ shown: whole, total: whole });

/** The output `result`: what a run has to say, as data and in words. */
export const ResultSchema = v.strictObject({
  schema: v.literal(1),
  language: v.picklist(LANGUAGES),
  command: v.optional(v.picklist(COMMANDS)),
  verdict: v.picklist(VERDICTS),
  reason: ReasonSchema,
  version: optional(versionField),
  tag: optional(v.string()),
  commit: optional(v.string()),
  previous: optional(versionField),
  changed: optional(v.boolean()),
  digest: optional(v.string()),
  releaseUrl: optional(v.string()),
  environment: optional(v.string()),
  environmentUrl: optional(v.string()),
  deployment: optional(positive),
  approvedBy: optional(strings),
  selfApproved: optional(v.boolean()),
  changes: optional(v.array(changeShape)),
  rows: optional(v.array(row)),
  proposal: optional(proposal),
  findings: optional(v.array(finding)),
  notes: optional(v.array(v.looseObject({ kind: v.string() }))),
  sentence: v.string(),
  parts: v.strictObject({
    what: v.string(),
    why: optional(v.string()),
    next: v.string(),
    lines: optional(v.string())
  }),
  said: strings,
  cut: optional(
    v.strictObject({
      rows: optional(cut),
      findings: optional(cut),
      notes: optional(cut),
      approvedBy: optional(cut),
      changes: optional(cut)
    })
  )
});
