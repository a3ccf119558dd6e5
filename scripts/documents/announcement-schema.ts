import * as v from 'valibot';
import { LANGUAGES } from '../../src/contract.ts';
import { digest, positive, versionField, whole } from '../../src/config/document-fields.ts';
import { changeShape } from './result-schema.ts';

const optional = <const S extends v.GenericSchema>(schema: S) => v.exactOptional(schema);

/** What the channel `webhook` posts. */
export const AnnouncementSchema = v.strictObject({
  schema: v.literal(1),
  event: v.picklist(['delivered', 'rolled-back']),
  repository: v.string(),
  language: v.picklist(LANGUAGES),
  text: v.string(),
  environment: v.string(),
  environmentUrl: optional(v.string()),
  version: versionField,
  tag: v.string(),
  commit: v.string(),
  digest,
  from: optional(versionField),
  at: v.string(),
  deployment: positive,
  requestedBy: v.string(),
  approvedBy: v.array(v.string()),
  releaseUrl: optional(v.string()),
  runUrl: v.string(),
  changes: v.array(changeShape),
  cut: optional(v.strictObject({ shown: whole, total: whole }))
});
