import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demand, type Git } from './git.ts';
import { LINES, splitter } from './records.ts';
import { isMissing, type Scratch } from './scratch.ts';

/** The parents of a commit as its object names them, also where the history was cut. */
export type Parents = ReadonlyMap<string, readonly string[]>;

const SHA = /^[0-9a-f]{40,64}$/;
const NAMED = /^(commit|parent) ([0-9a-f]{40,64})$/;

/** The commits whose parents the remote cut off. */
export const shallowCommits = async ({ directory }: Scratch): Promise<readonly string[]> => {
  try {
    const text = await readFile(join(directory, 'shallow'), 'utf8');
    return text.split('\n').filter((line) => SHA.test(line));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

export const writeShallow = ({ directory }: Scratch, commits: readonly string[]): Promise<void> =>
  writeFile(join(directory, 'shallow'), commits.map((sha) => `${sha}\n`).join(''));

/** The parents as the commits themselves name them: the `raw` format ignores where the history was cut. */
export const trueParents = async (git: Git, commits: readonly string[]): Promise<Parents> => {
  const named = new Map<string, string[]>();
  let current: string[] = [];
  const { take, end } = splitter(LINES, (line) => {
    const [, kind, sha] = NAMED.exec(line) ?? [];
    if (sha === undefined) return;
    if (kind === 'parent') current.push(sha);
    else named.set(sha, (current = []));
  });
  const args = ['log', '--no-walk=unsorted', '--format=raw', '--no-decorate', '--no-color', '--stdin', '--'];
  const call = { args, input: `${commits.join('\n')}\n`, sink: take };
  if (commits.length > 0) await demand(git, call, 'the edge of the history could not be read');
  end();
  return named;
};

/** The commits at the edge with their true parents. */
export const readBoundary = async (scratch: Scratch): Promise<Parents> =>
  trueParents(scratch.git, await shallowCommits(scratch));

export interface Evidence {
  readonly boundary: Parents;
  /** Commits that came: all of them belong to the range. */
  readonly present: ReadonlySet<string>;
  /** Commits known to be outside the range, because the tag contains them. */
  readonly outside: ReadonlySet<string>;
}

export interface Settled {
  /** Every parent known to be outside. */
  readonly outside: ReadonlySet<string>;
  /** Parents that may belong to the range and did not come. */
  readonly open: readonly string[];
}

/**
 * The remote cuts a commit off from ALL its parents as soon as ONE of them is outside, so commits behind the other
 * parents of a merge may be lost. What is certain: at least one parent of each cut commit is outside; hence a parent
 * that is the only one not to have come is outside. No parent left open means that the range is complete.
 */
export const settle = ({ boundary, present, outside }: Evidence): Settled => {
  const known = new Set(outside);
  const missing = [...boundary.values()].map((parents) => parents.filter((sha) => !present.has(sha)));
  for (const parents of missing) if (parents.length === 1 && parents[0] !== undefined) known.add(parents[0]);
  return { outside: known, open: [...new Set(missing.flat().filter((sha) => !known.has(sha)))] };
};
