import type { Git } from '../hub/git.ts';
import type { Hub } from '../hub/index.ts';
import { RehearsalError } from './errors.ts';
import type { Values } from './expressions.ts';
import { isSet, passes, somePasses } from './filters.ts';
import type { PullRequestEvent, PushEvent, Workflow } from './model.ts';
import { readWorkflow } from './read-workflow.ts';
import type { Source } from './sources.ts';

/** `[skip ci]` and its sisters in the message of the head commit (docs: "Skipping workflow runs"). */
const SKIPS = ['[skip ci]', '[ci skip]', '[no ci]', '[skip actions]', '[actions skip]'];
export const isSkipped = (message: string): boolean => SKIPS.some((mark) => message.includes(mark));

const FOLDER = '.github/workflows';

/** Every workflow of a commit; one the engine cannot carry out is an error, whether or not the event concerns it. */
export const workflowsOf = async (git: Git, source: Source, sha: string): Promise<readonly Workflow[]> => {
  const listed = await git.run(['ls-tree', '--name-only', sha, `${FOLDER}/`]);
  const paths = listed.split('\n').filter((path) => /\.ya?ml$/.test(path));
  return Promise.all(paths.map(async (path) => readWorkflow(path, (await source.read(path)) ?? '')));
};

export const workflowOf = (workflows: readonly Workflow[], name: string): Workflow => {
  const found = workflows.find(({ path, name: title }) => [path, title].includes(name) || path === `${FOLDER}/${name}`);
  if (found === undefined) throw new RehearsalError(`there is no workflow ${name}`);
  return found;
};

/** With branch filters alone tags start nothing, and the other way round. */
const refPasses = ({ branches, tags }: PushEvent, ref: string): boolean => {
  const isTag = ref.startsWith('refs/tags/');
  const name = ref.replace(/^refs\/(heads|tags)\//, '');
  const [own, other] = isTag ? [tags, branches] : [branches, tags];
  return isSet(own) ? passes(own, name) : !isSet(other);
};

/** `paths` do not count for tags. */
export const concernsPush = (event: PushEvent, ref: string, files: readonly string[]): boolean =>
  refPasses(event, ref) && (ref.startsWith('refs/tags/') || somePasses(event.paths, files));

export const concernsPullRequest = (
  event: PullRequestEvent,
  { base, action, files }: { readonly base: string; readonly action: string; readonly files: readonly string[] }
): boolean => event.types.includes(action) && passes(event.branches, base) && somePasses(event.paths, files);

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** Files a push changed; of a new branch, those of its last commit. */
export const changedFiles = async (git: Git, before: string | undefined, after: string): Promise<readonly string[]> => {
  const range = before === undefined ? ['--root', after] : [before, after];
  return lines(await git.run(['diff-tree', '-r', '--no-commit-id', '--name-only', ...range]));
};

/** Files a pull request changes: from where it left its base. */
export const proposedFiles = async (git: Git, base: string, head: string): Promise<readonly string[]> =>
  lines(await git.run(['diff', '--name-only', `${base}...${head}`]));

const NONE = '0'.repeat(40);

export const repositoryPayload = (hub: Hub, actor: string): Values => ({
  repository: {
    name: hub.name,
    full_name: `${hub.owner}/${hub.name}`,
    default_branch: 'main',
    owner: { login: hub.owner }
  },
  sender: { login: actor, type: 'User' }
});

export interface PushFacts {
  readonly actor: string;
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly message: string;
}

export const pushPayload = (hub: Hub, { actor, ref, before, after, message }: PushFacts): Values => ({
  ...repositoryPayload(hub, actor),
  ref,
  before: before ?? NONE,
  after,
  created: before === undefined,
  deleted: false,
  forced: false,
  pusher: { name: actor },
  head_commit: { id: after, message, author: { name: actor } }
});
