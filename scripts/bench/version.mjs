// Times and checks the next version against git itself and against other tools.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileInto } from './compile.ts';
import { NO_BAR, cellsOf, figureOf, judged, ratio } from './figures.ts';
import { folderOf } from './options.ts';
import { floorShallow, floorWhole } from './version/floors.mjs';
import { installPeers, peersIn } from './version/peers.mjs';
import { checkout, git, origin } from './version/repositories.mjs';
import { run as runProgram } from './version/run.mjs';

/** Seconds, the start of Node included. */
const BARS = { whole: 0.2, 'depth 1': 0.5 };
/** After the last of these tags there are 50 commits, some of them `feat`. */
const SHAPES = [
  { commits: 1000, tags: 10, next: '0.2.0' },
  { commits: 10_000, tags: 1000, next: '0.11.0' },
  { commits: 100_000, tags: 10_000, next: '0.101.0' }
];
const UNRELEASED = 50;
const OURS = join(import.meta.dirname, 'version', 'ours.mjs');

const ours = ({ scratch, source }, clone) => runProgram(clone, [process.execPath, OURS, source, clone, scratch]);

const peersOf = ({ bin }, from) => (bin === undefined ? [] : peersIn(bin, from));

/** Peers change the checkout they run in, so each run gets a copy, made before the clock starts. */
const inCopy = ({ scratch }, clone, work) => {
  const copy = join(scratch, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(clone, copy, { recursive: true });
  return work(copy);
};

/** Rounds, not blocks: whatever else the machine does is shared by all. The first round only warms up. */
const inRounds = (rounds, works) => {
  const samples = works.map(() => []);
  for (let round = 0; round <= rounds; round += 1)
    works.forEach((work, index) => {
      const seconds = work();
      if (round > 0) samples[index].push(seconds);
    });
  return samples.map(figureOf);
};

const rowOf = (place, { who, figure, mine, answer = '', end = NO_BAR }) => ({
  ...place,
  who,
  ...cellsOf(figure, { unit: 'median s', digits: 3 }),
  'ours is': ratio(mine, figure),
  answer,
  ...end
});

const peerRow = (bench, { clone, place, mine }, { name, command, answer }) => {
  let text = '';
  const work = () =>
    inCopy(bench, clone, (copy) => {
      const result = runProgram(copy, command);
      ({ text } = result);
      return result.seconds;
    });
  const [figure] = inRounds(2, [work]);
  return rowOf(place, { who: name, figure, mine, answer: answer(text) });
};

const rowsOf = (bench, { clone, from, place, next, floor }) => {
  const { scratch, rounds } = bench;
  const start = () => runProgram(scratch, [process.execPath, '-e', '0']).seconds;
  const [least, node, mine] = inRounds(rounds, [floor, start, () => ours(bench, clone).seconds]);
  const answer = ours(bench, clone).text.trim();
  const limit = BARS[place.clone];
  const end = judged(`right, <= ${limit} s`, answer === `${next} ${UNRELEASED}` && mine.median <= limit);
  return [
    rowOf(place, { who: 'ours', figure: mine, mine, answer, end }),
    rowOf(place, { who: 'git alone', figure: least, mine }),
    rowOf(place, { who: 'node -e 0', figure: node, mine }),
    ...peersOf(bench, from).map((peer) => peerRow(bench, { clone, place, mine }, peer))
  ];
};

const speed = async (bench) => {
  const rows = [];
  for (const { commits, tags, next } of bench.shapes) {
    const name = join(bench.scratch, `${commits}-${tags}`);
    const from = await origin(`${name}.git`, { commits, tags, unreleased: UNRELEASED });
    const whole = checkout(from, `${name}-whole`, { depth: 0 });
    const shallow = checkout(from, `${name}-depth-1`, { depth: 1 });
    const at = (clone) => ({ 'commits/tags': `${commits}/${tags}`, clone });
    rows.push(
      ...rowsOf(bench, { clone: whole, from, next, place: at('whole'), floor: floorWhole(whole) }),
      ...rowsOf(bench, {
        clone: shallow,
        from,
        next,
        place: at('depth 1'),
        floor: floorShallow(shallow, from, bench.scratch)
      })
    );
  }
  return rows;
};

/** One commit `feat(api)!: drop v1` after v1.2.3. */
const breakingRepository = (scratch) => {
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

/** Where the answer is known; `truth` also holds the part of the number, and the entries of notes, that would be right. */
const cellsIn = async (scratch) => {
  const name = join(scratch, '10000-1000');
  const from = await origin(`${name}.git`, { commits: 10_000, tags: 1000, unreleased: UNRELEASED });
  return [
    // Changelogen lists a breaking commit twice, and leaves the 4 merges of the 50 commits out.
    { cell: 'v1.2.3 + feat(api)!', ...breakingRepository(scratch), truth: ['2.0.0', 'major', '2 entries'] },
    ...[
      ['depth 1', 'depth-1', { depth: 1 }],
      ['depth 1 + tags', 'depth-1-tags', { depth: 1, tags: true }],
      ['depth 20 + tags', 'depth-20-tags', { depth: 20, tags: true }]
    ].map(([cell, suffix, how]) => ({
      cell,
      from,
      clone: checkout(from, `${name}-${suffix}`, how),
      truth: ['0.11.0', 'minor', '46 entries']
    }))
  ];
};

const correctness = async (bench) => {
  const rows = [];
  for (const { cell, from, clone, truth } of await cellsIn(bench.scratch)) {
    const mine = ours(bench, clone);
    const [version] = mine.text.trim().split(' ');
    const right = version === truth[0];
    const row = { cell, who: 'ours', answer: version, right: right ? 'yes' : 'NO', exit: String(mine.status) };
    rows.push({ ...row, ...judged('right', right) });
    for (const { name, command, answer } of peersOf(bench, from))
      inCopy(bench, clone, (copy) => {
        const { status, text } = runProgram(copy, command);
        const said = answer(text).replace(/^v/, '');
        const verdict = truth.includes(said) ? 'yes' : 'NO';
        rows.push({ cell, who: name, answer: said, right: verdict, exit: String(status), ...NO_BAR });
      });
  }
  return rows;
};

export const run = async (options) => {
  const scratch = folderOf(options, 'version');
  const bench = {
    scratch,
    source: compileInto(scratch),
    bin: options.peers ? installPeers(scratch) : undefined,
    shapes: options.quick ? SHAPES.slice(0, 2) : SHAPES,
    rounds: options.quick ? 3 : 9
  };
  return [
    {
      title: 'Next version: seconds, whole processes',
      rows: await speed(bench),
      notes: [
        `The answer of ours: the version and how many commits it read. Rounds: ${bench.rounds}; of other tools 2.`
      ]
    },
    {
      title: 'Next version: who is right',
      rows: await correctness(bench),
      notes: ['`right` also counts a tool that names the right part of the number, or the right number of entries.']
    }
  ];
};
