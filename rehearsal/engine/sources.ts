import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../hub/git.ts';
import { createGit } from '../hub/git.ts';
import type { Hub } from '../hub/index.ts';
import { RehearsalError } from './errors.ts';
import type { Workflow } from './model.ts';
import { readWorkflow } from './read-workflow.ts';
import type { Site } from './site.ts';

/** Where `./.github/workflows/x.yml` of a workflow leads: a commit of the repository, or the folder of another one. */
export interface Source {
  readonly name: string;
  readonly owner: string;
  /** Undefined where a name that may move stands in place of the commit. */
  readonly commit: string | undefined;
  read(path: string): Promise<string | undefined>;
}

/** Reads and writes of the bare repository itself; the hub counts none of them. */
export const openGit = (hub: Hub): Git => createGit(hub.bare);

export const commitSource = (hub: Hub, git: Git, sha: string): Source => ({
  name: `${hub.owner}/${hub.name}`,
  owner: hub.owner,
  commit: sha,
  read: async (path) => (await git.read(`${sha}:${path}`))?.content.toString('utf8')
});

const folderSource = (name: string, folder: string, ref: string): Source => ({
  name,
  owner: name.split('/')[0] ?? '',
  commit: /^[0-9a-f]{40}$/.test(ref) ? ref : undefined,
  read: (path) => readFile(join(folder, path), 'utf8').catch(() => undefined)
});

const REMOTE = /^([^/@\s]+\/[^/@\s]+)\/(\.github\/workflows\/[^/@\s]+\.ya?ml)@(\S+)$/;
const LOCAL = /^\.\/(\.github\/workflows\/[^/@\s]+\.ya?ml)$/;

export interface Called {
  readonly workflow: Workflow;
  readonly source: Source;
}

const load = async (source: Source, path: string, uses: string): Promise<Called> => {
  const content = await source.read(path);
  if (content === undefined) throw new RehearsalError(`"uses: ${uses}": there is no ${path} in ${source.name}`);
  const workflow = await readWorkflow(path, content);
  if (workflow.events.call === undefined) throw new RehearsalError(`${path} has no workflow_call`);
  return { workflow, source };
};

/** A local copy of another repository; one that is not mapped is never fetched. */
export const copyOf = ({ repositories }: Site, repository: string, ref: string): string | undefined =>
  repositories[`${repository}@${ref}`] ?? repositories[repository];

/** The workflow a job calls; other repositories must be mapped to a local copy. */
export const findWorkflow = async (site: Site, source: Source, uses: string): Promise<Called> => {
  const local = LOCAL.exec(uses)?.[1];
  if (local !== undefined) return load(source, local, uses);
  const [, repository = '', path = '', ref = ''] = REMOTE.exec(uses) ?? [];
  if (repository === '') throw new RehearsalError(`the engine does not know "uses: ${uses}"`);
  const folder = copyOf(site, repository, ref);
  if (folder === undefined) throw new RehearsalError(`"uses: ${uses}" is not mapped`);
  return load(folderSource(repository, folder, ref), path, uses);
};
