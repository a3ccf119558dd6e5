import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openOnAct } from './by-act.ts';
import { openOnEngine } from './by-engine.ts';
import type { Places } from './by-engine.ts';
import { namesIn } from './names.ts';
import type { Move, Scenario, Texts } from './scenario.ts';
import { differences } from './seen.ts';
import type { Seen } from './seen.ts';

export interface Comparison {
  readonly move: Move;
  readonly engine: Seen;
  readonly act: Seen;
  readonly differences: readonly string[];
  readonly seconds: { readonly engine: number; readonly act: number };
}

export interface Runners {
  /** Path of act. */
  readonly program: string;
  /** Root of our own repository, `dist` built. */
  readonly root: string;
}

const writeAll = async (folder: string, files: Texts): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
};

const repositoriesOf = async ({ repositories = {} }: Scenario, root: string): Promise<Texts> => {
  const folders = Object.keys(repositories).map((name, at) => [name, join(root, `repository-${at + 1}`)] as const);
  for (const [name, folder] of folders) await writeAll(folder, repositories[name] ?? {});
  return Object.fromEntries(folders);
};

const timed = async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
  const began = performance.now();
  return [await work(), (performance.now() - began) / 1000];
};

/** Only what users download: act copies the whole folder for every step. */
const copyAction = async (from: string, to: string): Promise<string> => {
  await cp(join(from, 'action.yml'), join(to, 'action.yml'));
  await cp(join(from, 'dist'), join(to, 'dist'), { recursive: true });
  return to;
};

const placesIn = async (root: string, scenario: Scenario, checkout: string): Promise<(runner: string) => Places> => {
  const repositories = await repositoriesOf(scenario, root);
  const action = await copyAction(checkout, join(root, 'action'));
  for (const runner of ['engine', 'act']) await mkdir(join(root, `target-${runner}`));
  return (runner) => ({ action, repositories, target: join(root, `target-${runner}`) });
};

/** Plays a scenario move by move on both runners, each with a GitHub of its own, and compares after each. */
export const compare = async (
  scenario: Scenario,
  { program, root: checkout }: Runners
): Promise<readonly Comparison[]> => {
  const root = await mkdtemp(join(tmpdir(), 'witness-'));
  const places = await placesIn(root, scenario, checkout);
  const engine = await openOnEngine(scenario, places('engine'));
  const act = await openOnAct(scenario, { ...places('act'), program, root: join(root, 'act') }, engine.first);
  const compared: Comparison[] = [];
  try {
    for (const move of scenario.moves) {
      const names = namesIn(scenario, move.workflow);
      const [{ seen, made }, engineSeconds] = await timed(() => engine.play(move, names));
      const [other, actSeconds] = await timed(() => act.play(move, made, names));
      const seconds = { engine: engineSeconds, act: actSeconds };
      compared.push({ move, engine: seen, act: other, differences: differences(seen, other), seconds });
    }
    return compared;
  } finally {
    await Promise.all([engine.close(), act.close()]);
    await rm(root, { recursive: true, force: true });
  }
};
