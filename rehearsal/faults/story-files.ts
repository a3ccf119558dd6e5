import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Played } from './story.ts';

const PLAYED = 'played.json';
const WANTED = 'wanted.json';

export const writeStory = async (
  directory: string,
  played: readonly Played[],
  wanted: readonly string[]
): Promise<void> => {
  await writeFile(join(directory, PLAYED), JSON.stringify(played));
  await writeFile(join(directory, WANTED), JSON.stringify(wanted));
};

const isPlayed = (value: unknown): value is Played =>
  typeof value === 'object' && value !== null && 'step' in value && 'before' in value && 'job' in value;

const readList = async (file: string): Promise<readonly unknown[]> => {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (Array.isArray(value)) return value;
  throw new TypeError(`${file} is no list`);
};

/** What `writeStory` of the same suite left for its processes. */
export const readStory = async (
  directory: string
): Promise<{ readonly played: readonly Played[]; readonly wanted: readonly string[] }> => ({
  played: (await readList(join(directory, PLAYED))).filter(isPlayed),
  wanted: (await readList(join(directory, WANTED))).map(String)
});
