import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const Words = v.record(v.string(), v.string());
const Divergence = v.strictObject({
  title: v.string(),
  github: v.string(),
  act: v.string(),
  workflow: v.string(),
  called: v.optional(v.string()),
  environments: v.optional(
    v.record(
      v.string(),
      v.strictObject({
        reviewers: v.optional(v.array(v.string()), []),
        vars: v.optional(Words, {}),
        secrets: v.optional(Words, {})
      })
    ),
    {}
  ),
  expected: v.strictObject({ engine: v.array(v.string()), act: v.array(v.string()) })
});
export type Divergence = v.InferOutput<typeof Divergence>;

export const readDivergences = (): readonly Divergence[] =>
  v.parse(v.array(Divergence), parse(readFileSync(join(import.meta.dirname, 'divergences.yml'), 'utf8')));

const same = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());

/** What is not as the entry says; nothing when it still holds. */
export const stale = (
  { expected }: Pick<Divergence, 'expected'>,
  seen: Readonly<Record<'engine' | 'act', readonly string[]>>
): readonly string[] =>
  (['engine', 'act'] as const)
    .filter((runner) => !same(seen[runner], expected[runner]))
    .map((runner) => `${runner} was to give ${JSON.stringify(expected[runner])}, gave ${JSON.stringify(seen[runner])}`);
