import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
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
  /** Checkouts by commit, to be copied. */
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

const makeTemplate = async ({ hub, directory }: Grounds, sha: string): Promise<string> => {
  const template = join(directory, 'checkouts', sha);
  await mkdir(template, { recursive: true });
  await checkout(hub, template, sha);
  return template;
};

/** The workspace as the job's earlier steps leave it. */
export const prepare = async (
  grounds: Grounds,
  step: Pick<Step, 'checkout' | 'artifact'>,
  sha: string
): Promise<void> => {
  const { directory, work, templates } = grounds;
  const workspace = join(work, 'workspace');
  await rm(workspace, { recursive: true, force: true });
  const making = templates.get(sha) ?? makeTemplate(grounds, sha);
  templates.set(sha, making);
  const template = await making;
  const withHistory = step.checkout === 'history';
  await cp(template, workspace, { recursive: true, filter: (path) => withHistory || !path.endsWith('/.git') });
  if (step.artifact) await cp(join(directory, 'artifact'), join(workspace, '.delivery'), { recursive: true });
};
