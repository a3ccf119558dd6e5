import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitEnvironment } from '../../rehearsal/hub/git.ts';
import type { Texts } from './scenario.ts';

export interface ActRun {
  readonly program: string;
  /** Of this run alone; the repository lies in `tree` below it. */
  readonly folder: string;
  readonly event: string;
  readonly actor: string;
  /** Path in the tree. */
  readonly workflow: string;
  readonly payload: unknown;
  /** `owner/repo@ref` -> folder. */
  readonly repositories: Texts;
  readonly environment: Texts;
  readonly secrets: Texts;
  readonly vars: Texts;
}

export interface ActEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export const resultOf = ({ code }: Pick<ActEnd, 'code'>): 'success' | 'failure' => (code === 0 ? 'success' : 'failure');

const pairs = (flag: string, values: Texts): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);

const argumentsOf = (run: ActRun): readonly string[] => [
  run.event,
  `--directory=${join(run.folder, 'tree')}`,
  `--workflows=${run.workflow}`,
  `--eventpath=${join(run.folder, 'event.json')}`,
  `--actor=${run.actor}`,
  '--platform=ubuntu-24.04=-self-hosted',
  `--action-cache-path=${join(run.folder, 'actions')}`,
  '--json',
  '--rm',
  '--no-skip-checkout',
  '--no-cache-server',
  '--concurrent-jobs=4',
  ...pairs('--local-repository', run.repositories),
  ...pairs('--env', run.environment),
  ...pairs('--secret', run.secrets),
  ...pairs('--var', run.vars)
];

const MOST_MS = 120_000;

/** One run by act, on this machine and without a container. Nothing of our own environment but PATH gets in. */
export const runAct = async (run: ActRun): Promise<ActEnd> => {
  const home = join(run.folder, 'home');
  await mkdir(home, { recursive: true });
  await writeFile(join(run.folder, 'event.json'), JSON.stringify(run.payload));
  const environment = gitEnvironment({ HOME: home, XDG_CACHE_HOME: join(home, '.cache') });
  const child = spawn(run.program, argumentsOf(run), {
    env: { ...environment, PATH: `${dirname(process.execPath)}:${environment['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MOST_MS
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
};
