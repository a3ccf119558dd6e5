import * as v from 'valibot';
import type { PreviewPayload } from '../domain/preview.ts';
import { instant, link, positive, words } from './document-fields.ts';
import { payloadJson } from './payload.ts';

const PreviewSchema = v.object({
  schema: v.literal(1),
  pull: v.pipe(positive, v.maxValue(2 ** 31 - 1)),
  kind: v.picklist(['up', 'down']),
  requestedBy: words(200),
  expires: v.nullable(instant),
  run: v.object({ id: positive, attempt: positive, url: link })
});

/** The payload of a record of a preview; undefined for everything else. Never throws. */
export const parsePreviewPayload = (value: unknown): PreviewPayload | undefined => {
  const result = v.safeParse(PreviewSchema, payloadJson(value));
  return result.success ? result.output : undefined;
};
