// Makes the repositories the bench measures, with `git fast-import`, and clones them as actions/checkout does.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ENVIRONMENT = {
  ...process.env,
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com'
};

/** Runs git without a shell and returns what it printed. */
export const git = (directory, ...args) =>
  execFileSync('git', args, {
    cwd: directory,
    env: ENVIRONMENT,
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'pipe']
  });

const SUBJECTS = [
  'fix(cart): round the total',
  'chore: tidy',
  'feat(search): sort by price',
  'docs: explain the price'
];

/** One version per tag, climbing: 0.1.0, 0.1.1, ... 0.1.99, 0.2.0, ... */
const versionAt = (index) => `v0.${1 + Math.floor(index / 100)}.${index % 100}`;

/**
 * A main line where every tenth slot merges a side branch of three commits, `tags` lightweight tags spread evenly,
 * and `unreleased` commits after the last of them.
 */
const feed = async (out, { commits, tags, unreleased }) => {
  const write = async (text) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const released = commits - unreleased;
  const line = [];
  let [mark, tagged] = [0, 0];
  const commit = async (parents, message) => {
    mark += 1;
    const when = 1_600_000_000 + mark * 60;
    const file = `src/part-${mark % 200}.txt`;
    const content = `${mark}\n`;
    await write(
      `commit refs/heads/main\nmark :${mark}\nauthor Ana <ana@example.com> ${when} +0000\n` +
        `committer Ana <ana@example.com> ${when} +0000\ndata ${Buffer.byteLength(message)}\n${message}\n` +
        (parents.length > 0 ? `from :${parents[0]}\n` : '') +
        parents
          .slice(1)
          .map((parent) => `merge :${parent}\n`)
          .join('') +
        `M 100644 inline ${file}\ndata ${content.length}\n${content}\n`
    );
    return mark;
  };
  for (let made = mark; made < commits; made = mark) {
    const tip = line.at(-1);
    const fork = line.at(-3);
    if (line.length % 10 === 9 && fork !== undefined && mark + 4 <= commits) {
      let side = fork;
      for (let step = 0; step < 3; step += 1) side = await commit([side], SUBJECTS[step % 2]);
      line.push(await commit([tip, side], `Merge pull request #${mark} from ana/part\n\nA part`));
    } else line.push(await commit(tip === undefined ? [] : [tip], `${SUBJECTS[mark % 4]} (#${mark})`));
    const here = line.at(-1);
    while (tagged < tags && here >= Math.round(((tagged + 1) * released) / tags)) {
      await write(`reset refs/tags/${versionAt(tagged)}\nfrom :${here}\n\n`);
      tagged += 1;
    }
  }
  await write(`reset refs/heads/main\nfrom :${line.at(-1)}\n\ndone\n`);
};

/** A bare repository at `directory`, made once and kept. */
export const origin = async (directory, shape) => {
  if (existsSync(join(directory, 'made'))) return directory;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '--quiet', '--bare', '--initial-branch=main');
  const child = spawn('git', ['fast-import', '--quiet', '--done'], {
    cwd: directory,
    env: ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'inherit']
  });
  const ended = once(child, 'close');
  await feed(child.stdin, shape);
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  git(directory, 'repack', '-adq');
  git(directory, 'pack-refs', '--all');
  git(directory, 'config', 'uploadpack.allowFilter', 'true');
  git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  mkdirSync(join(directory, 'made'));
  return directory;
};

/** The git calls of actions/checkout; `tags` is its `fetch-tags`, depth 0 is the whole history with loose tags. */
export const checkout = (from, directory, { depth, tags = false }) => {
  if (existsSync(join(directory, '.git', 'made'))) return directory;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'remote', 'add', 'origin', `file://${from}`);
  const tip = git(from, 'rev-parse', 'refs/heads/main').trim();
  const common = ['-c', 'protocol.version=2', 'fetch', '--quiet', '--prune', '--no-recurse-submodules'];
  const every = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
  const one = [`+${tip}:refs/remotes/origin/main`, ...(tags ? ['+refs/tags/*:refs/tags/*'] : [])];
  if (depth === 0) git(directory, ...common, '--no-tags', 'origin', ...every);
  else git(directory, ...common, '--no-tags', `--depth=${depth}`, 'origin', ...one);
  git(directory, 'checkout', '--quiet', '--force', '-B', 'main', 'refs/remotes/origin/main');
  mkdirSync(join(directory, '.git', 'made'));
  return directory;
};
