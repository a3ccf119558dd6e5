import { execFile } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Hub } from '../hub/index.ts';
import type { Step } from './stage.ts';

const git = promisify(execFile).bind(undefined, 'git');

/** Where workspaces are made. */
export interface Grounds {
  readonly hub: Hub;
  readonly directory: string;
  /** Where the job's workspace and files are. */
  readonly work: string;
  /** Checkouts by commit and kind, to be copied. */
  readonly templates: Map<string, Promise<string>>;
}

/** What actions/checkout leaves by default: one commit, no tags, no credentials. */
const checkout = async (hub: Hub, workspace: string, sha: string): Promise<void> => {
  const options = { cwd: workspace };
  await git(['init', '--quiet', '--template=', '.'], options);
  await git(['remote', 'add', 'origin', hub.gitUrl], options);
  const refspec = `+${sha}:refs/remotes/origin/main`;
  await git(['fetch', '--quiet', '--no-tags', '--depth=1', hub.bare, refspec], options);
  await git(['checkout', '--quiet', '-B', 'main', 'refs/remotes/origin/main'], options);
};

type Kind = Step['checkout'];

const makeTemplate = async ({ hub, directory }: Grounds, sha: string, kind: Kind): Promise<string> => {
  const template = join(directory, 'checkouts', `${sha}-${kind}`);
  await mkdir(template, { recursive: true });
  await checkout(hub, template, sha);
  if (kind === 'files') rmSync(join(template, '.git'), { recursive: true });
  return template;
};

const templateOf = (grounds: Grounds, sha: string, kind: Kind): Promise<string> => {
  const { templates } = grounds;
  const making = templates.get(sha + kind) ?? makeTemplate(grounds, sha, kind);
  templates.set(sha + kind, making);
  return making;
};

/** The workspace as the job's earlier steps leave it. */
export const prepare = async (
  grounds: Grounds,
  step: Pick<Step, 'checkout' | 'artifact'>,
  sha: string
): Promise<void> => {
  const { directory, work } = grounds;
  const workspace = join(work, 'workspace');
  const template = await templateOf(grounds, sha, step.checkout);
  // in one go: a few small files, and each turn through the pool of threads costs more than to copy one
  rmSync(workspace, { recursive: true, force: true });
  cpSync(template, workspace, { recursive: true });
  if (step.artifact) cpSync(join(directory, 'artifact'), join(workspace, '.delivery'), { recursive: true });
};
