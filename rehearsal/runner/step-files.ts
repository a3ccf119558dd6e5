import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseKeyValueFile } from './grammar.ts';
import type { Masks } from './masks.ts';

const FILES = {
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_ENV: 'set_env_',
  GITHUB_PATH: 'add_path_',
  GITHUB_STATE: 'save_state_',
  GITHUB_STEP_SUMMARY: 'step_summary_'
} as const;
type FileName = keyof typeof FILES;

export type StepFiles = Readonly<Record<FileName, string>>;

/** Empty command files, named as the runner names them. */
export const createStepFiles = async (temporary: string): Promise<StepFiles> => {
  const directory = join(temporary, '_runner_file_commands');
  await mkdir(directory, { recursive: true });
  const suffix = randomUUID();
  const path = (name: FileName): string => join(directory, FILES[name] + suffix);
  const files: StepFiles = {
    GITHUB_OUTPUT: path('GITHUB_OUTPUT'),
    GITHUB_ENV: path('GITHUB_ENV'),
    GITHUB_PATH: path('GITHUB_PATH'),
    GITHUB_STATE: path('GITHUB_STATE'),
    GITHUB_STEP_SUMMARY: path('GITHUB_STEP_SUMMARY')
  };
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  return files;
};

export interface Handed {
  /** What `steps.<id>.outputs` holds in the same job. */
  readonly stepOutputs: Readonly<Record<string, string>>;
  /** What other jobs get: without what holds a masked value, and nothing at all above 1 MB. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly dropped: readonly string[];
  /** As GitHub shows it; empty when it was larger than 1 MiB. */
  readonly summary: string;
  /** What the runner found wrong with the files. */
  readonly problems: readonly string[];
  /** Variables and paths for later steps. */
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string;
}

const MIB = 1024 * 1024;

const pairsOf = (text: string, problems: string[]): Record<string, string> => {
  try {
    return Object.fromEntries(parseKeyValueFile(text));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return {};
  }
};

const summaryOf = (text: string, masks: Masks, problems: string[]): string => {
  if (Buffer.byteLength(text) <= MIB) return masks.apply(text);
  problems.push('$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k');
  return '';
};

/** Size as GitHub counts it: UTF-16. */
const sizeOf = (outputs: Readonly<Record<string, string>>): number =>
  Object.entries(outputs).reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0);

/** Reads what the step left in its files, by the runner's rules. */
export const readStepFiles = async (files: StepFiles, masks: Masks): Promise<Handed> => {
  const problems: string[] = [];
  const text = (name: FileName): Promise<string> => readFile(files[name], 'utf8');
  const stepOutputs = pairsOf(await text('GITHUB_OUTPUT'), problems);
  const tooLarge = sizeOf(stepOutputs) > MIB;
  if (tooLarge) problems.push('Job outputs are larger than 1 MB');
  const passes = ([, value]: readonly [string, string]): boolean => !tooLarge && masks.apply(value) === value;
  const entries = Object.entries(stepOutputs);
  return {
    stepOutputs,
    outputs: Object.fromEntries(entries.filter(passes)),
    dropped: entries.filter((entry) => !passes(entry)).map(([name]) => name),
    summary: summaryOf(await text('GITHUB_STEP_SUMMARY'), masks, problems),
    environment: pairsOf(await text('GITHUB_ENV'), problems),
    path: await text('GITHUB_PATH'),
    problems
  };
};
