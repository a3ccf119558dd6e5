import * as v from 'valibot';
import type { Payload } from '../domain/deployment.ts';
import { digest, link, positive, versionField, whole, words } from './document-fields.ts';

const LARGEST = 256 * 1024;
/** GitHub gives a payload back as an object, as text, or as text within text, depending on the call. */
const LAYERS = 2;

/** What Esteira writes into a deployment. Readers take additions: a newer version's records stay our history. */
export const PAYLOAD = {
  schema: v.literal(1),
  version: versionField,
  tag: v.pipe(words(256), v.minLength(1)),
  digest,
  kind: v.picklist(['deploy', 'rollback', 'rebuild']),
  previous: v.nullable(versionField),
  reason: v.nullable(words(2000)),
  override: v.pipe(v.array(words(100)), v.maxLength(100)),
  requestedBy: words(200),
  approvedBy: v.pipe(v.array(words(200)), v.maxLength(100)),
  run: v.object({ id: positive, attempt: positive, url: link }),
  changes: whole,
  manualTouches: whole
};

const PayloadSchema = v.object(PAYLOAD);

const jsonOf = (text: string): unknown => {
  if (text.length > LARGEST) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What a payload is once all its layers are taken off. Never throws. */
export const payloadJson = (value: unknown): unknown => {
  let inner = value;
  for (let layer = 0; layer < LAYERS && typeof inner === 'string'; layer++) inner = jsonOf(inner);
  return inner;
};

/** The payload of a record of ours; undefined for everything else. Never throws. */
export const parsePayload = (value: unknown): Payload | undefined => {
  const result = v.safeParse(PayloadSchema, payloadJson(value));
  return result.success ? result.output : undefined;
};
