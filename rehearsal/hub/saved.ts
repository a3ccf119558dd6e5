import { cpSync, rmSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Memory } from './state.ts';
import type { World } from './world.ts';

/** A repository put aside with everything its GitHub knew of it; any number of hubs can begin with it, or become it. */
export interface Saved {
  readonly directory: string;
}

const [STATE, REFS, OBJECTS, ASSETS] = ['state.json', 'refs', 'objects', 'assets'];

type Pairs = readonly (readonly [from: string, to: string])[];

/** What differs from hub to hub, as it stands in JSON, and the words that stand for it in what is saved. */
const places = ({ urls, store }: World): Pairs => {
  const named = { '{storage-url}': urls.storage, '{server-url}': urls.server, '{store}': store };
  return Object.entries(named).map(([word, value]) => [word, JSON.stringify(value).slice(1, -1)]);
};

const swap = (text: string, pairs: Pairs): string => pairs.reduce((so, [from, to]) => so.replaceAll(from, to), text);

/**
 * Records, refs, objects and assets; not the tokens, the log and the accounts' numbers. Nothing may be under way
 * meanwhile.
 */
export const save = async (world: World, directory: string): Promise<Saved> => {
  const { git, store, state } = world;
  const outside = places(world).map(([word, value]): [string, string] => [value, word]);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, STATE), swap(JSON.stringify(state.memory()), outside));
  await cp(join(git.directory, REFS), join(directory, REFS), { recursive: true });
  await cp(join(git.directory, OBJECTS), join(directory, OBJECTS), { recursive: true });
  await cp(store, join(directory, ASSETS), { recursive: true });
  return { directory };
};

const isMemory = (value: unknown): value is Memory =>
  typeof value === 'object' && value !== null && 'data' in value && 'past' in value && 'lastId' in value;

const readMemory = async (world: World, directory: string): Promise<Memory> => {
  const memory: unknown = JSON.parse(swap(await readFile(join(directory, STATE), 'utf8'), places(world)));
  if (!isMemory(memory)) throw new TypeError(`${directory} holds no hub`);
  return memory;
};

/** In one go: these are few and small, and suites do it thousands of times. */
const replace = (from: string, to: string): void => {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
};

/** Which saved objects a repository has taken already. */
const taken = new WeakMap<World['git'], Set<string>>();

/** Objects are named by their content: those of other times stay and do no harm, and what is there need not come again. */
const takeObjects = async ({ git }: World, directory: string): Promise<void> => {
  const known = taken.get(git) ?? new Set();
  taken.set(git, known);
  if (known.has(directory)) return;
  await cp(join(directory, OBJECTS), join(git.directory, OBJECTS), { recursive: true, force: false });
  known.add(directory);
};

/** Makes the hub what was saved; what was saved may not change any more. */
export const load = async (world: World, { directory }: Saved): Promise<void> => {
  const { git, store, state } = world;
  await takeObjects(world, directory);
  replace(join(directory, REFS), join(git.directory, REFS));
  replace(join(directory, ASSETS), store);
  state.remember(await readMemory(world, directory));
};
