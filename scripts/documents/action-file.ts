import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

const described = { description: v.string() };

const ActionSchema = v.strictObject({
  name: v.string(),
  ...described,
  author: v.string(),
  branding: v.strictObject({ icon: v.string(), color: v.string() }),
  inputs: v.record(
    v.string(),
    v.strictObject({ ...described, required: v.boolean(), default: v.optional(v.string()) })
  ),
  outputs: v.record(v.string(), v.strictObject(described)),
  runs: v.strictObject({ using: v.string(), main: v.string() })
});

export type ActionFile = v.InferOutput<typeof ActionSchema>;

export const readAction = (): ActionFile => v.parse(ActionSchema, parse(readFileSync('action.yml', 'utf8')));
