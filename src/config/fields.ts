import * as v from 'valibot';
import { nearest } from '../rules/nearest.ts';
import { DURATION, parseDuration } from '../domain/duration.ts';

/** What a text field says about a number or boolean; the reader adds how to quote it. */
export const NO_TEXT = 'must be text';

export const MISSING = 'is missing';

/** Keys that plain objects have by themselves: never taken as names. */
export const RESERVED = ['__proto__', 'constructor', 'prototype'];

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** What is no text is near to nothing. */
const wordIn = (input: unknown): string => (typeof input === 'string' ? input : '');

const isMapping = (input: unknown): boolean => typeof input === 'object' && input !== null && !Array.isArray(input);

const noMapping = ({ input }: { readonly input: unknown }): string =>
  input === null ? 'is empty; write its keys below it or leave it out' : 'must be a mapping (`key: value`)';

/** valibot takes lists for objects; we do not. */
export const mapping = v.pipe(v.unknown(), v.check(isMapping, noMapping));

/** The sentences follow the name of the key or value they speak of. */
const keyProblem =
  (keys: readonly string[]) =>
  ({ expected, input }: { readonly expected: string | null; readonly input: unknown }): string =>
    expected === 'never'
      ? `is no known key; the keys here, nearest first: ${listed(nearest(wordIn(input), keys))}`
      : MISSING;

/** A mapping with these keys and no others. */
export const section = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(mapping, v.strictObject(entries, keyProblem(Object.keys(entries))));

export const text = v.pipe(v.string(NO_TEXT), v.regex(/\S/, 'is blank'), v.maxLength(16_384, 'is too long'));

export const list = <const I extends v.GenericSchema>(item: I, longest = 200) =>
  v.pipe(v.array(item, 'must be a list'), v.maxLength(longest, `has more than ${longest} entries`));

export const choice = <const O extends readonly string[]>(options: O) =>
  v.picklist(options, ({ input }) => `must be one of, nearest first: ${listed(nearest(wordIn(input), options))}`);

export const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.number('must be a whole number'),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`)
  );

export const yesOrNo = v.boolean('must be true or false');

const NO_DURATION = 'must be a whole number and a unit (s, m, h, d, w), such as 90s, 30m, 2h, 3d, 1w';

export const duration = v.pipe(v.string(NO_DURATION), v.regex(DURATION, NO_DURATION));

/** No job lasts longer (GitHub's limit for self-hosted runners), and no timer of Node beyond 24 days. */
const LONGEST_WORK_DAYS = 5;

export const workDuration = v.pipe(
  duration,
  v.check(
    (value) => (parseDuration(value) ?? 0) <= LONGEST_WORK_DAYS * 86_400,
    `must be at most ${LONGEST_WORK_DAYS}d: no job lasts longer`
  )
);

/** A text for which `problemOf` finds no problem; `form` is the part of it that a JSON Schema can say. */
export const checked = (form: RegExp, problemOf: (value: string) => string | undefined) =>
  v.pipe(
    v.string(NO_TEXT),
    v.regex(form, ({ input }) => problemOf(input) ?? 'has a wrong form'),
    v.check(
      (value) => problemOf(value) === undefined,
      ({ input }) => problemOf(input) ?? ''
    )
  );
