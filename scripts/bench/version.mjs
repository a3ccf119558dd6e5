// Times and checks the next version against git itself and against other tools.
// node scripts/bench/version.mjs <scratch directory> [--quick]      (--quick: without 100,000 commits and without peers)
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkout, git, origin } from './version/repositories.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const RUNS = 5;
const PEERS = {
  'semantic-release': '25.0.9',
  '@semantic-release/commit-analyzer': '13.0.1',
  '@semantic-release/release-notes-generator': '14.1.1',
  'conventional-recommended-bump': '12.1.0',
  'conventional-changelog-angular': '*',
  'conventional-changelog-conventionalcommits': '*',
  'git-cliff': '2.14.2',
  changelogen: '0.6.2'
};

const [directory, ...flags] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: node scripts/bench/version.mjs <scratch directory> [--quick]');
const quick = flags.includes('--quick');
const scratch = resolve(directory);
const ENVIRONMENT = {
  ...process.env,
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  CI: '',
  GITHUB_ACTIONS: '',
  NO_COLOR: '1'
};

const run = (cwd, [program, ...args]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: ENVIRONMENT,
    encoding: 'utf8',
    maxBuffer: 1e9
  });
  return { seconds: (performance.now() - started) / 1000, status, text: `${stdout}\n${stderr}` };
};

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** One warm-up, then the median of five. */
const time = (work) => {
  work();
  return median(Array.from({ length: RUNS }, () => work()));
};

const build = () => {
  const out = join(scratch, 'build');
  rmSync(out, { recursive: true, force: true });
  const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
  spawnSync(process.execPath, [tsc, '-p', join(PROJECT, 'tsconfig.build.json'), '--outDir', out], { stdio: 'inherit' });
  writeFileSync(join(scratch, 'package.json'), '{"type":"module"}');
  return out;
};

const install = () => {
  const home = join(scratch, 'peers');
  if (existsSync(join(home, 'node_modules/.bin/git-cliff'))) return join(home, 'node_modules/.bin');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: home, stdio: 'inherit' });
  return join(home, 'node_modules/.bin');
};

/** What git alone needs on a whole clone: newest tag, proof that it is merged, the commits since. */
const floorWhole = (clone) => () => {
  const list = run(clone, [
    'git',
    'for-each-ref',
    '--sort=-v:refname',
    '--format=%(refname) %(objectname)',
    'refs/tags/v*'
  ]);
  const sha = list.text.slice(0, list.text.indexOf('\n')).split(' ')[1];
  const asked = run(clone, ['git', 'merge-base', '--is-ancestor', sha, 'HEAD']);
  return (
    list.seconds + asked.seconds + run(clone, ['git', 'log', '-z', '--format=%H%n%P%n%B', 'HEAD', `^${sha}`]).seconds
  );
};

/** What git alone needs on a depth-1 clone: the tags of the remote, the commits since the newest, and reading them. */
const floorShallow = (clone, from) => () => {
  const place = join(scratch, 'floor.git');
  rmSync(place, { recursive: true, force: true });
  const list = run(clone, ['git', 'ls-remote', '--tags', '--sort=-v:refname', 'origin']);
  const tag = list.text.slice(0, list.text.indexOf('\n')).split('\t')[1];
  const head = git(clone, 'rev-parse', 'HEAD').trim();
  const made = run(scratch, ['git', 'init', '--quiet', '--bare', '--template=', place]);
  const limits = [`--shallow-exclude=${tag}`, '--filter=tree:0', '--no-tags', '--quiet'];
  const fetched = run(place, ['git', 'fetch', ...limits, `file://${from}`, head]);
  return (
    list.seconds +
    made.seconds +
    fetched.seconds +
    run(place, ['git', 'log', '-z', '--format=%H%n%P%n%B', head]).seconds
  );
};

const ours = (source, clone) =>
  run(clone, [process.execPath, join(PROJECT, 'scripts/bench/version/ours.mjs'), source, clone, scratch]);

const found = (pattern) => (text) => pattern.exec(text)?.[1] ?? 'nothing';

/** How each peer is asked, and where its answer stands. `bump`: it names a part of the number, not a version. */
const peersIn = (bin, from) => [
  {
    name: 'semantic-release',
    command: [
      join(bin, 'semantic-release'),
      '--dry-run',
      '--no-ci',
      '--branches=main',
      `--repository-url=file://${from}`,
      '--plugins=@semantic-release/commit-analyzer,@semantic-release/release-notes-generator'
    ],
    answer: (text) => (/no relevant changes/.test(text) ? 'no release' : found(/next release version is (\S+)/)(text))
  },
  {
    name: 'recommended-bump angular',
    command: [join(bin, 'conventional-recommended-bump'), '-p', 'angular'],
    answer: found(/^(major|minor|patch)$/m)
  },
  {
    name: 'recommended-bump conv.commits',
    command: [join(bin, 'conventional-recommended-bump'), '-p', 'conventionalcommits'],
    answer: found(/^(major|minor|patch)$/m)
  },
  {
    name: 'git-cliff',
    command: [join(bin, 'git-cliff'), '--unreleased', '--bumped-version'],
    answer: found(/^v?(\d+\.\d+\.\d+)$/m)
  },
  {
    name: 'changelogen (notes)',
    command: [join(bin, 'changelogen'), '--noAuthors'],
    answer: (text) => `${(text.match(/^- /gm) ?? []).length} entries`
  }
];

/** Peers change the checkout they run in, so each run gets a copy, made before the clock starts. */
const inCopy = (clone, work) => {
  const copy = join(scratch, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(clone, copy, { recursive: true });
  return work(copy);
};

const show = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => String(cell).padEnd(widths[column]))
        .join('  ')
        .trimEnd()
    );
  console.log('');
};

const ratio = (a, b) => `${(a / b).toFixed(2)}x`;

const speed = async (source, bin) => {
  const shapes = [[1000, 10], [10_000, 1000], ...(quick ? [] : [[100_000, 10_000]])];
  const rows = [['commits/tags', 'clone', 'who', 'seconds', 'ours/floor', 'peer/ours', 'answer']];
  for (const [commits, tags] of shapes) {
    const name = join(scratch, `${commits}-${tags}`);
    const from = await origin(`${name}.git`, { commits, tags, unreleased: 50 });
    const whole = checkout(from, `${name}-whole`, { depth: 0 });
    const shallow = checkout(from, `${name}-depth-1`, { depth: 1 });
    for (const [clone, where, floor] of [
      [whole, 'whole', floorWhole(whole)],
      [shallow, 'depth 1', floorShallow(shallow, from)]
    ]) {
      const least = time(floor);
      const start = time(() => run(scratch, [process.execPath, '-e', '0']).seconds);
      const mine = time(() => ours(source, clone).seconds);
      const label = `${commits}/${tags}`;
      rows.push([label, where, 'git alone', least.toFixed(3), '', '', '']);
      rows.push([label, where, 'git alone + Node start', (least + start).toFixed(3), '', '', '']);
      rows.push([label, where, 'ours', mine.toFixed(3), ratio(mine, least), '', ours(source, clone).text.trim()]);
      for (const { name: peer, command, answer } of bin === undefined ? [] : peersIn(bin, from)) {
        const seconds = [];
        let text = '';
        for (let round = 0; round < 3; round += 1)
          inCopy(clone, (copy) => {
            const result = run(copy, command);
            seconds.push(result.seconds);
            ({ text } = result);
          });
        rows.push([label, where, peer, median(seconds).toFixed(3), '', ratio(median(seconds), mine), answer(text)]);
      }
    }
  }
  show(rows);
};

/** One commit `feat(api)!: drop v1` after v1.2.3. */
const breakingRepository = () => {
  const from = join(scratch, 'breaking.git');
  rmSync(from, { recursive: true, force: true });
  mkdirSync(from, { recursive: true });
  git(from, 'init', '--quiet', '--bare', '--initial-branch=main');
  const tree = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--stdin'], {
    cwd: from,
    input: '',
    encoding: 'utf8'
  }).trim();
  const first = git(from, 'commit-tree', tree, '-m', 'feat: start').trim();
  const second = git(from, 'commit-tree', tree, '-p', first, '-m', 'feat(api)!: drop v1').trim();
  git(from, 'tag', 'v1.2.3', first);
  git(from, 'update-ref', 'refs/heads/main', second);
  const clone = join(scratch, 'breaking');
  rmSync(clone, { recursive: true, force: true });
  return { from, clone: checkout(from, clone, { depth: 0 }) };
};

// Changelogen lists a breaking commit twice, and leaves the 4 merges of the 50 commits out.
const correctness = async (source, bin) => {
  const name = join(scratch, '10000-1000');
  const from = await origin(`${name}.git`, { commits: 10_000, tags: 1000, unreleased: 50 });
  const breaking = breakingRepository();
  const cells = [
    { cell: 'v1.2.3 + feat(api)!', ...breaking, truth: ['2.0.0', 'major', '2 entries'] },
    ...[
      ['depth 1', 'depth-1', { depth: 1 }],
      ['depth 1 + tags', 'depth-1-tags', { depth: 1, tags: true }],
      ['depth 20 + tags', 'depth-20-tags', { depth: 20, tags: true }]
    ].map(([cell, suffix, options]) => ({
      cell,
      from,
      clone: checkout(from, `${name}-${suffix}`, options),
      truth: ['0.11.0', 'minor', '46 entries']
    }))
  ];
  const rows = [['cell', 'who', 'answer', 'right', 'exit']];
  for (const { cell, from: remote, clone, truth } of cells) {
    const mine = ours(source, clone);
    const version = mine.text.trim().split(' ')[0];
    rows.push([cell, 'ours', version, truth.includes(version) ? 'yes' : 'NO', mine.status]);
    for (const { name: peer, command, answer } of bin === undefined ? [] : peersIn(bin, remote))
      inCopy(clone, (copy) => {
        const { status, text } = run(copy, command);
        const said = answer(text).replace(/^v/, '');
        rows.push([cell, peer, said, truth.includes(said) ? 'yes' : 'NO', status]);
      });
  }
  show(rows);
};

mkdirSync(scratch, { recursive: true });
const [source, bin] = [build(), quick ? undefined : install()];
console.log(
  `node ${process.version}, ${git(scratch, '--version').trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}\n`
);
await speed(source, bin);
await correctness(source, bin);
console.log(`load ${loadavg()[0].toFixed(1)}`);
