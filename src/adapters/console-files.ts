import { randomUUID } from 'node:crypto';
import { accessSync, appendFileSync, constants, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from '../domain/refusal.ts';
import type { OutputName } from '../contract.ts';
import { codeOf, messageOf } from './system-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type RunnerFile = 'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY';

/** What is wrong with the file the runner should have given; undefined when it can be written. */
export const problemWith = (environment: Environment, name: RunnerFile): string | undefined => {
  const path = environment[name];
  if (path === undefined || path === '') return `${name} is not set`;
  try {
    if (!lstatSync(path).isFile()) return `${name} is not a regular file`;
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${name} cannot be written: ${codeOf(error) ?? messageOf(error)}`;
  }
};

/** Throws `internal` instead of falling back to the `::set-output` of old, which printed text could forge. */
export const appendToRunnerFile = (environment: Environment, name: RunnerFile, text: string): void => {
  const problem = problemWith(environment, name);
  if (problem !== undefined) throw refuse('internal', { problem });
  try {
    appendFileSync(environment[name] ?? '', text);
  } catch (error) {
    throw refuse(
      'internal',
      { problem: `${name} cannot be written: ${codeOf(error) ?? messageOf(error)}` },
      { cause: error }
    );
  }
};

export const sizeOfRunnerFile = (environment: Environment, name: RunnerFile): number =>
  lstatSync(environment[name] ?? '').size;

/** `name<<delimiter`: a value ends only at a line it cannot know (CVE-2022-35954 was a fixed delimiter). */
export const outputEntry = (name: OutputName, value: string): string => {
  const delimiter = `delivery_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
};

/** Where an output too long for the platform goes; undefined when there is no place for it. */
export const spill = (environment: Environment, name: OutputName, value: string): string | undefined => {
  const directory = environment['RUNNER_TEMP'];
  if (directory === undefined || directory === '') return undefined;
  const file = join(directory, `delivery-${name}-${randomUUID()}.txt`);
  try {
    writeFileSync(file, value, { flag: 'wx', mode: 0o600 });
    return file;
  } catch {
    return undefined; // the document that replaces the value says that there is no file
  }
};
