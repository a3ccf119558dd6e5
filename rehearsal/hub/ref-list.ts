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

const entryOf = async (git: Git, line: string, prefix: string): Promise<RefEntry> => {
  const [oid = '', type = '', name = ''] = line.split(' ');
  const object = await git.read(oid);
  const commit = await peel(git, object);
  return {
    name: name.slice(prefix.length),
    oid,
    type,
    commit: commit?.sha ?? '',
    ...(object?.type === 'tag' ? { message: parseTag(object).message } : {})
  };
};

export const readRefs = async (git: Git, prefix: string): Promise<readonly RefEntry[]> => {
  const listing = await git.run(['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)', prefix]);
  const lines = listing.split('\n').filter((line) => line !== '');
  return Promise.all(lines.map((line) => entryOf(git, line, prefix)));
};
