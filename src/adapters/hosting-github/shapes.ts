import * as v from 'valibot';

/** Ids are whole numbers a JavaScript number holds exactly. */
export const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const sha = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));
export const timestamp = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text).toISOString())
);
export const link = v.pipe(v.string(), v.url());
