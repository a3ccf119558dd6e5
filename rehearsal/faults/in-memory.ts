/** Plays so many races in memory in a process of their own. Started by `index.ts`; ends with 1 when a promise was broken. */
import { raceInMemory, seedsOf } from './races.ts';

const [count = '0'] = process.argv.slice(2);
process.exitCode = (await raceInMemory(seedsOf(undefined, Number(count)))) ? 0 : 1;
