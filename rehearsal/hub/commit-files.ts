import { join } from 'node:path';
import type { Git } from './git.ts';
import { stamp } from './git-objects.ts';

export interface NewCommit {
  readonly message: string;
  /** Path -> content; null removes the file. Everything else stays as the parent has it. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Default: the default branch. Created when missing, from the default branch. */
  readonly branch?: string;
  /** `Name <mail>` is made of it. */
  readonly author?: string;
  readonly date?: Date;
  /** When it was written, where that was before `date`: a commit that was rebased. */
  readonly authored?: Date;
  /** A second parent: the commit is a merge of it. */
  readonly merges?: string;
  readonly executable?: readonly string[];
}

export interface CommitContext {
  readonly git: Git;
  readonly directory: string;
  readonly defaultBranch: string;
  readonly now: () => Date;
  /** Makes the name of the index file unique. */
  readonly number: number;
}

const identity = (author: string, { authored, date }: { authored: string; date: string }): Record<string, string> => {
  const email = `${author.toLowerCase().replaceAll(/\W+/g, '.')}@example.com`;
  return {
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: authored,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date
  };
};

/** Puts a commit onto a branch of the bare repository, without a clone. Its SHA. */
export const commitFiles = async (context: CommitContext, commit: NewCommit): Promise<string> => {
  const { git, defaultBranch } = context;
  const branch = `refs/heads/${commit.branch ?? defaultBranch}`;
  const index = { GIT_INDEX_FILE: join(context.directory, `index-${context.number}`) };
  const tip = await git.read(branch);
  const parent = tip ?? (await git.read(`refs/heads/${defaultBranch}`));
  await git.run(parent === undefined ? ['read-tree', '--empty'] : ['read-tree', parent.oid], { env: index });
  for (const [path, content] of Object.entries(commit.files ?? {})) {
    if (content === null) {
      // `--force-remove` asks for a work tree, which a bare repository has not
      await git.run(['update-index', '--index-info'], { env: index, input: `0 ${'0'.repeat(40)}\t${path}\n` });
      continue;
    }
    const blob = (await git.run(['hash-object', '-w', '--stdin'], { input: content })).trim();
    const mode = commit.executable?.includes(path) === true ? '100755' : '100644';
    await git.run(['update-index', '--add', '--cacheinfo', `${mode},${blob},${path}`], { env: index });
  }
  const tree = (await git.run(['write-tree'], { env: index })).trim();
  const date = stamp(commit.date ?? context.now());
  const parents = [parent?.oid, commit.merges].flatMap((each) => (each === undefined ? [] : ['-p', each]));
  const authored = commit.authored === undefined ? date : stamp(commit.authored);
  const made = await git.run(['commit-tree', tree, ...parents, '-F', '-'], {
    input: commit.message,
    env: identity(commit.author ?? 'Ana Souza', { authored, date })
  });
  await git.run(['update-ref', branch, made.trim()]);
  return made.trim();
};
