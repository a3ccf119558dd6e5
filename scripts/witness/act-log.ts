import * as v from 'valibot';
import { GATE_STEP } from './rewrite.ts';
import { stepLines } from './seen.ts';
import type { SeenStep } from './seen.ts';
import type { Texts } from './scenario.ts';

const Line = v.looseObject({
  jobID: v.optional(v.string()),
  matrix: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  stage: v.optional(v.string()),
  step: v.optional(v.string()),
  stepID: v.optional(v.array(v.string())),
  jobResult: v.optional(v.string()),
  stepResult: v.optional(v.string()),
  command: v.optional(v.string()),
  name: v.optional(v.string()),
  arg: v.optional(v.string()),
  msg: v.optional(v.string())
});
export type Line = v.InferOutput<typeof Line>;

const parsed = (line: string): Line => {
  try {
    return v.parse(Line, JSON.parse(line));
  } catch (error) {
    throw new Error(`act wrote no JSON: ${line}`, { cause: error });
  }
};

/** act's `--json` log. */
export const readLog = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map(parsed);

export const jobOf = ({ jobID = '', matrix }: Line): string => {
  const values = Object.values(matrix ?? {}).map(String);
  return values.length === 0 ? jobID : `${jobID} (${values.join(', ')})`;
};

/** A step without an id goes by its place; ours, put in front, has none. */
const idOf = (id: string, gated: boolean): string => (/^\d+$/.test(id) ? `#${Number(id) + (gated ? 0 : 1)}` : id);

type Steps = Map<string, SeenStep>;

const record = (steps: Steps, id: string, { step = '', stepResult, command, name = '', arg = '' }: Line): void => {
  const known = steps.get(id);
  if (stepResult !== undefined) steps.set(id, { id, name: step, outcome: stepResult, outputs: {} });
  if (command === 'set-output' && known !== undefined) {
    steps.set(id, { ...known, outputs: { ...known.outputs, [name]: arg } });
  }
};

const linesOf = (steps: Steps): readonly string[] =>
  [...steps.values()]
    .filter(({ id }) => id !== GATE_STEP)
    .flatMap((step) => stepLines({ ...step, id: idOf(step.id, steps.has(GATE_STEP)) }));

/** Steps that ran, by job: skipped ones do not stand in the log. */
export const stepsOf = (log: readonly Line[]): Readonly<Record<string, readonly string[]>> => {
  const jobs = new Map<string, Steps>();
  for (const line of log) {
    const [id] = line.stepID ?? [];
    if (line.stage !== 'Main' || id === undefined) continue;
    const steps: Steps = jobs.get(jobOf(line)) ?? new Map<string, SeenStep>();
    jobs.set(jobOf(line), steps);
    record(steps, id, line);
  }
  return Object.fromEntries([...jobs].map(([job, steps]) => [job, linesOf(steps)]));
};

const Needs = v.record(
  v.string(),
  v.object({ result: v.string(), outputs: v.nullable(v.record(v.string(), v.string())) })
);

/** What the collector wrote: act's own evaluation of `needs`. */
export const readNeeds = (text: string): Readonly<Record<string, { result: string; outputs: Texts }>> =>
  Object.fromEntries(
    Object.entries(v.parse(Needs, JSON.parse(text))).map(([id, { result, outputs }]) => [
      id,
      // of a job that was skipped act gives the text of the expressions: a known divergence
      { result, outputs: result === 'skipped' ? {} : (outputs ?? {}) }
    ])
  );
