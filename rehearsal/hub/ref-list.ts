import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { GitError } from './git.ts';
import type { Git } from './git.ts';
import { peel, parseTag } from './git-objects.ts';

export interface RefEntry {
  /** Without `refs/tags/` or `refs/heads/`. */
  readonly name: string;
  readonly oid: string;
  readonly type: string;
  /** The commit it leads to. */
  readonly commit: string;
  /** The message of an annotated tag. */
  readonly message?: string;
}

type Ref = readonly [name: string, oid: string];

const byName = ([one]: Ref, [other]: Ref): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Refs as they lie there, when each is a file with the id of an object; undefined when only git can tell. */
const looseRefs = ({ directory }: Git): readonly Ref[] | undefined => {
  if (existsSync(join(directory, 'packed-refs'))) return undefined;
  try {
    const entries = readdirSync(join(directory, 'refs'), { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => !each.isDirectory() && !each.name.endsWith('.lock'));
    const refs = files.map(({ parentPath, name }): Ref => {
      const file = join(parentPath, name);
      return [relative(directory, file), readFileSync(file, 'utf8').trim()];
    });
    return refs.every(([, oid]) => /^[0-9a-f]{40}$/.test(oid)) ? refs.toSorted(byName) : undefined;
  } catch {
    // something changed while we looked
    return undefined;
  }
};

const listedRefs = async (git: Git): Promise<readonly Ref[]> => {
  const listing = await git.run(['for-each-ref', '--format=%(refname) %(objectname)']);
  const lines = listing.split('\n').filter((line) => line !== '');
  return lines.map((line) => [line.slice(0, -41), line.slice(-40)]);
};

const entryOf = async (git: Git, [name, oid]: Ref, prefix: string): Promise<RefEntry> => {
  const object = await git.read(oid);
  if (object === undefined) throw new GitError(`${name} leads to nothing: ${oid}`);
  const commit = await peel(git, object);
  return {
    name: name.slice(prefix.length),
    oid,
    type: object.type,
    commit: commit?.sha ?? '',
    ...(object.type === 'tag' ? { message: parseTag(object).message } : {})
  };
};

/** Every ref below `prefix`, by name. Read without a process where that can be: it is asked for all the time. */
export const readRefs = async (git: Git, prefix: string): Promise<readonly RefEntry[]> => {
  const refs = looseRefs(git) ?? (await listedRefs(git));
  return Promise.all(refs.filter(([name]) => name.startsWith(prefix)).map((ref) => entryOf(git, ref, prefix)));
};
