import { race } from '../../__tests__/faults/race.ts';
import { raceProcesses } from './process-race.ts';
import type { Played } from './story.ts';

interface Raced {
  readonly seed: number;
  readonly story: readonly string[];
  readonly problems: readonly string[];
}

const tell = ({ seed, problems, story }: Raced, option: string): void => {
  console.log(`BROKEN by seed ${seed}`);
  for (const problem of problems) console.log(`    ${problem}`);
  for (const line of story) console.log(`        ${line}`);
  console.log(`    again: npm run faults -- ${option} ${seed}`);
};

const isGood = (raced: Raced, option: string): boolean => {
  if (raced.problems.length > 0) tell(raced, option);
  return raced.problems.length === 0;
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** So many at a time; most of their time they wait for each other. */
const LANES = 6;

/** Plays the seeds; false when a promise was broken. Commands on a hosting in memory, one step at a time. */
export const raceInMemory = async (seeds: readonly number[]): Promise<boolean> => {
  let broken = 0;
  for (const seed of seeds) if (!isGood(await race(seed), '--seed')) broken += 1;
  console.log(`races in memory ${seeds.length}, broken ${broken}`);
  return broken === 0;
};

/** Plays the seeds with real processes on a hub. */
export const raceOnHub = async (
  directory: string,
  played: readonly Played[],
  seeds: readonly number[]
): Promise<boolean> => {
  const left = [...seeds];
  let broken = 0;
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      if (!isGood(await raceProcesses(directory, played, seed), '--process-seed')) broken += 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`races of processes ${seeds.length}, broken ${broken}`);
  return broken === 0;
};

export const seedsOf = (one: string | undefined, count: number): readonly number[] =>
  one === undefined ? upTo(count) : [Number(one)];
