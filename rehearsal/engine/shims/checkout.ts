import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { join, resolve as resolvePath, sep } from 'node:path';
import { promisify } from 'node:util';
import { gitEnvironment } from '../../hub/git.ts';
import { copyOf } from '../sources.ts';
import { flag, only, whole } from './inputs.ts';
import type { Shim, ShimCall } from './shim.ts';

const execute = promisify(execFile);

type Run = (...args: readonly string[]) => Promise<string>;

const gitIn =
  (directory: string): Run =>
  async (...args) => {
    const { stdout } = await execute('git', ['-C', directory, ...args], { env: gitEnvironment() });
    return stdout.trim();
  };

interface Target {
  /** Where the fetched commit is kept, and what is checked out. */
  readonly refspec: string;
  readonly checkout: readonly string[];
  readonly ref: string;
}

const branchTarget = (name: string, source: string): Target => ({
  refspec: `+${source}:refs/remotes/origin/${name}`,
  checkout: ['-B', name, `refs/remotes/origin/${name}`],
  ref: `refs/heads/${name}`
});

/** The source is a commit, or the name itself: then it is whatever stands there by now. */
const targetOf = (ref: string, source: string): Target => {
  if (ref.startsWith('refs/heads/')) return branchTarget(ref.slice('refs/heads/'.length), source);
  if (ref.startsWith('refs/pull/')) {
    const kept = ref.replace('refs/pull/', 'refs/remotes/pull/');
    return { refspec: `+${source}:${kept}`, checkout: [kept], ref };
  }
  if (ref.startsWith('refs/tags/')) return { refspec: `+${source}:${ref}`, checkout: [ref], ref };
  return { refspec: source, checkout: [source], ref: source };
};

/** An input `ref`: a commit, a full name, else a branch, else a tag. */
const askedTarget = async (git: Run, login: readonly string[], ref: string): Promise<Target> => {
  if (/^[0-9a-f]{40}$/.test(ref)) return targetOf('', ref);
  if (/^refs\/(heads|pull|tags)\//.test(ref)) return targetOf(ref, ref);
  const names = [`refs/heads/${ref}`, `refs/tags/${ref}`];
  const lines = (await git(...login, 'ls-remote', 'origin', ...names)).split('\n').map((line) => line.split('\t'));
  for (const name of names) {
    const [id] = lines.find(([, found]) => found === name) ?? [];
    if (id !== undefined && id !== '') return targetOf(name, id);
  }
  throw new Error(`A branch or tag with the name '${ref}' could not be found`);
};

const ALL_TAGS = '+refs/tags/*:refs/tags/*';

/** With depth 0 everything, and then the commit by itself: its branch may have moved on since the run began. */
const fetches = (target: Target, depth: number, tags: boolean): readonly (readonly string[])[] => {
  if (depth === 0) return [['+refs/heads/*:refs/remotes/origin/*', ALL_TAGS], [target.refspec]];
  return [[`--depth=${depth}`, target.refspec, ...(tags ? [ALL_TAGS] : [])]];
};

const folderOf = ({ machine, inputs }: ShimCall): string => {
  const folder = resolvePath(machine.workspace, inputs['path'] ?? '');
  if (folder !== machine.workspace && !folder.startsWith(machine.workspace + sep)) {
    throw new Error(`Repository path '${folder}' is not under '${machine.workspace}'`);
  }
  return folder;
};

/** Written in one go: each call of `git config` is a process more. */
const configuration = (origin: string): string => `[remote "origin"]
\turl = ${JSON.stringify(origin)}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[gc]
\tauto = 0
[maintenance]
\tauto = false
`;

/** The repository of the run, or the local copy of another one, which everybody may read. */
const originOf = ({ machine: { site }, inputs }: ShimCall): string => {
  const { hub } = site;
  const { repository = '', ref = '' } = inputs;
  const copy = copyOf(site, repository, ref);
  if (copy !== undefined) return copy;
  only(inputs, 'repository', ['', `${hub.owner}/${hub.name}`]);
  return hub.gitUrl;
};

const setUp = async (git: Run, directory: string, origin: string): Promise<void> => {
  if (existsSync(join(directory, '.git'))) return void (await git('config', 'remote.origin.url', origin));
  await git('init', '--quiet', '--initial-branch=main', '.');
  await appendFile(join(directory, '.git', 'config'), configuration(origin));
};

/** actions/checkout: one commit deep, the branch it is on, and the token in the local configuration unless told otherwise. */
const run = async (call: ShimCall): ReturnType<Shim['run']> => {
  const { machine, inputs, say } = call;
  const origin = originOf(call);
  for (const name of ['lfs', 'submodules']) only(inputs, name, ['false']);
  const directory = folderOf(call);
  await mkdir(directory, { recursive: true });
  const git = gitIn(directory);
  const token = inputs['token'] === '' ? machine.token : (inputs['token'] ?? '');
  const key = `http.${machine.site.hub.url}/.extraheader`;
  const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const login = ['-c', `${key}=${header}`];
  await setUp(git, directory, origin);
  const asked = inputs['ref'] ?? '';
  const { trigger } = machine.run;
  const target = asked === '' ? targetOf(trigger.ref, trigger.sha) : await askedTarget(git, login, asked);
  for (const fetching of fetches(target, whole(inputs, 'fetch-depth'), flag(inputs, 'fetch-tags')))
    await git(...login, 'fetch', '--quiet', '--prune', '--no-tags', 'origin', ...fetching);
  await git('checkout', '--quiet', '--force', ...target.checkout);
  const commit = await git('log', '-1', '--format=%H');
  say(`HEAD is now at ${commit}`);
  const outputs = { ref: target.ref, commit };
  if (!flag(inputs, 'persist-credentials')) return { outputs };
  await git('config', '--local', key, header);
  return { outputs, post: async () => void (await git('config', '--local', '--unset-all', key)) };
};

export const checkoutShim: Shim = {
  inputs: {
    repository: '',
    ref: '',
    token: '',
    path: '',
    clean: 'true',
    'fetch-depth': '1',
    'fetch-tags': 'false',
    'show-progress': 'true',
    'persist-credentials': 'true',
    lfs: 'false',
    submodules: 'false'
  },
  run
};
