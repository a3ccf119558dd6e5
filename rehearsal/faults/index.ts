import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { matrixOf, scenariosOf } from './matrix.ts';
import type { Scenario } from './matrix.ts';
import { CANCELLED_WITHIN_MS } from './play.ts';
import type { Verdict } from './play.ts';
import { raceInMemory, raceOnHub, seedsOf } from './races.ts';
import { openStage } from './stage.ts';
import { playAll } from './story.ts';
import type { Played } from './story.ts';
import { writeStory } from './story-files.ts';
import { mixed } from './order.ts';
import { createTally } from './tally.ts';

const HELP = `npm run faults -- [options]        needs dist/: npm run package
  --jobs N           processes; one per core when absent
  --lanes N          scenarios each process plays at a time; most of them only wait
  --every            every scenario there is, also those that are like others: for a night, not for a break
  --quick            every 20th scenario, a tenth of the races
  --only TEXT        only scenarios whose name contains the text, no races
  --seed N           only this race in memory
  --process-seed N   only this race of processes
  --log              print what the jobs of diverged scenarios printed`;

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: String(availableParallelism()) },
    lanes: { type: 'string', default: '12' },
    every: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string' },
    'process-seed': { type: 'string' },
    log: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
});

const [IN_MEMORY, ON_HUB] = values.quick ? [100, 4] : [1000, 40];
/** `--quick` plays one of so many. */
const SAMPLE = 20;

const isVerdict = (value: unknown): value is Verdict =>
  typeof value === 'object' && value !== null && 'name' in value && 'problems' in value;

const shard = fileURLToPath(new URL('shard.ts', import.meta.url));
const inMemory = fileURLToPath(new URL('in-memory.ts', import.meta.url));

/** Plays a share in a process of its own; hands every verdict on. */
const playShare = async (args: readonly string[], take: (verdict: Verdict) => void): Promise<void> => {
  const child = fork(shard, args);
  child.on('message', (message) => {
    if (isVerdict(message)) take(message);
  });
  const ended: readonly unknown[] = await once(child, 'exit');
  if (ended[0] !== 0) throw new Error(`a process of the suite ended with ${String(ended[0])}`);
};

const chosen = (scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios
    .filter(({ name }) => values.only === undefined || name.includes(values.only))
    .filter((_, index) => !values.quick || index % SAMPLE === 0);

const playMatrix = async (directory: string, played: readonly Played[], began: number): Promise<() => boolean> => {
  const wanted = chosen(mixed(values.every ? played.flatMap(scenariosOf) : matrixOf(played)));
  const jobs = Math.max(1, Number(values.jobs));
  console.log(`${played.length} steps went well without a fault; ${wanted.length} scenarios in ${jobs} processes`);
  await writeStory(
    directory,
    played,
    wanted.map(({ name }) => name)
  );
  const tally = createTally(wanted, { log: values.log, began });
  const shares = Array.from({ length: jobs }, (_, index) => [directory, String(index), String(jobs), values.lanes]);
  const late: string[] = [];
  const take = (verdict: Verdict): void => {
    if (verdict.cancelMs > CANCELLED_WITHIN_MS) late.push(verdict.name);
    else tally.take(verdict);
  };
  await Promise.all(shares.map((args) => playShare(args, take)));
  if (late.length > 0) {
    console.log(`${late.length} took too long to be cancelled among the others; each again, alone`);
    await writeStory(directory, played, late);
    await playShare([directory, '0', '1', '1'], (verdict) => tally.take(verdict));
  }
  return () => tally.end();
};

const prepare = async (directory: string): Promise<readonly Played[]> => {
  const stage = await openStage(join(directory, 'calm'), 'calm');
  const played = await playAll(stage, directory);
  await stage.close();
  return played;
};

/** They need a core and nothing else, and the calm story leaves one idle. */
const racesInMemory = async (): Promise<boolean> => {
  const ended: readonly unknown[] = await once(fork(inMemory, [String(IN_MEMORY)]), 'exit');
  return ended[0] === 0;
};

const racesOnHub = (directory: string, played: readonly Played[]): Promise<boolean> =>
  raceOnHub(directory, played, seedsOf(values['process-seed'], ON_HUB));

/** The whole of it, or the scenarios that are wanted and no races. */
const playEverything = async (directory: string, began: number): Promise<boolean> => {
  const isPart = values.only !== undefined;
  const inMemoryKept = isPart ? Promise.resolve(true) : racesInMemory();
  const played = await prepare(directory);
  const onHubKept = isPart ? Promise.resolve(true) : racesOnHub(directory, played);
  const end = await playMatrix(directory, played, began);
  return [await inMemoryKept, await onHubKept, end()].every(Boolean);
};

const main = async (directory: string): Promise<boolean> => {
  const began = performance.now();
  if (values.seed !== undefined) return raceInMemory(seedsOf(values.seed, 1));
  if (values['process-seed'] !== undefined) return racesOnHub(directory, await prepare(directory));
  return playEverything(directory, began);
};

if (values.help) console.log(HELP);
else {
  const directory = await mkdtemp(join(tmpdir(), 'faults-'));
  try {
    process.exitCode = (await main(directory)) ? 0 : 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
