import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCommandReader, parseKeyValueFile, readLines } from '../runner/grammar.ts';
import { RUNNER_CANARIES, runAction } from '../runner/run-action.ts';
import type { StepRun } from '../runner/run-action.ts';
import { RehearsalError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Texts } from './site.ts';

export interface ProcessRequest {
  /** Default: Node. */
  readonly program?: string;
  readonly file: string;
  readonly inputs: Texts;
  readonly variables: Texts;
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface ProcessEnd extends StepRun {
  readonly state: Texts;
}

const stateIn = async (folder: string): Promise<Texts> => {
  const directory = join(folder, '_runner_file_commands');
  const names = (await readdir(directory)).filter((name) => name.startsWith('save_state_'));
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return Object.fromEntries(texts.flatMap(parseKeyValueFile));
};

/** The runner keeps a step's masks for the rest of the job. */
const masksIn = (log: string): readonly string[] => {
  const read = createCommandReader();
  return readLines(log).flatMap((line) => {
    const seen = read(line);
    return seen.kind === 'command' && seen.command.name.toLowerCase() === 'add-mask' ? [seen.command.data] : [];
  });
};

/** Without effect on what a run does: matchers only mark lines of the log. */
const HARMLESS = ['add-matcher', 'remove-matcher', 'echo'];

const refuseOldCommands = ({ forbidden }: StepRun): void => {
  const name = forbidden.map((each) => each.name.toLowerCase()).find((each) => !HARMLESS.includes(each));
  if (name !== undefined) throw new RehearsalError(`the engine does not know the command ::${name}::`);
};

/** Runs one process of a step by the runner's rules, and keeps what the rest of the job needs of it. */
export const runProcess = async (machine: Machine, request: ProcessRequest): Promise<ProcessEnd> => {
  const folder = machine.nextFolder();
  const { patience, closing, node } = machine.site;
  const run = await runAction({
    action: request.file,
    node: request.program ?? node,
    inputs: request.inputs,
    environment: { ...request.variables, RUNNER_TEMP: machine.temporary, GITHUB_WORKSPACE: machine.workspace },
    workspace: request.directory,
    temporary: folder,
    secrets: [...machine.masks],
    signal: request.signal,
    kill: closing,
    ...(patience === undefined ? {} : { patience })
  });
  refuseOldCommands(run);
  for (const mask of masksIn(run.log)) machine.masks.add(mask);
  machine.log.push(...run.printed);
  machine.annotations.push(...run.annotations);
  machine.environment = { ...machine.environment, ...run.environment };
  machine.path = [
    ...readLines(run.path)
      .filter((line) => line !== '')
      .toReversed(),
    ...machine.path
  ];
  return { ...run, state: await stateIn(folder) };
};

/** How the runner starts each shell on Linux (docs: "jobs.<job_id>.steps[*].shell"); without `shell:` it is `bash -e`. */
const SHELLS: Readonly<Record<string, string>> = {
  '': 'bash -e',
  bash: 'bash --noprofile --norc -e -o pipefail',
  sh: 'sh -e'
};

const launcher = async (machine: Machine, shell: string): Promise<string> => {
  const command = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (command === undefined) throw new RehearsalError(`the engine does not know the shell "${shell}"`);
  const file = join(machine.temporary, `start-${shell === '' ? 'default' : shell}`);
  // a script sees nothing of what the runner keeps for actions
  const unset = `unset ${Object.keys(RUNNER_CANARIES).join(' ')}`;
  await writeFile(file, `#!/bin/sh\n${unset}\nexec ${command} "$1"\n`, { mode: 0o755 });
  return file;
};

export interface ScriptRequest extends Pick<ProcessRequest, 'variables' | 'directory' | 'signal'> {
  readonly script: string;
  readonly shell: string;
}

/** The runner makes no folder: a step in one that is not there fails. */
const checkDirectory = (directory: string): void => {
  if (existsSync(directory)) return;
  throw new Error(
    `An error occurred trying to start a process with working directory '${directory}'. No such file or directory`
  );
};

export const runScript = async (machine: Machine, request: ScriptRequest): Promise<ProcessEnd> => {
  checkDirectory(request.directory);
  const folder = machine.nextFolder();
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'script.sh');
  await writeFile(file, request.script.endsWith('\n') ? request.script : `${request.script}\n`);
  return runProcess(machine, { ...request, inputs: {}, file, program: await launcher(machine, request.shell) });
};
