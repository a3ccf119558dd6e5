// Packs two large trees three ways: wall time, CPU and peak memory of whole processes.
import { spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileInto } from './compile.ts';
import { NO_BAR, cellsOf, figureOf, judged, ratio } from './figures.ts';
import { installInto } from './install.ts';
import { folderOf } from './options.ts';
import { makeTree } from './trees.mjs';

const ARCHIVER = { archiver: '7.0.1' };
const BARS = { seconds: 3.5, megabytes: 200 };

// GNU time is not everywhere: the children's own account, read when they end, gives CPU and peak memory.
const REPORT = `
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS / 1024 }));`;

const OURS = `
import { createArchives } from './build/adapters/archive/archives.js';
const [root, output] = process.argv.slice(2);
await createArchives().pack({ root, patterns: ['**'], tracked: [], date: '2026-01-02T03:04:05Z', output });
${REPORT}`;

const ZIP = `
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import archiver from 'archiver';
const [root, output] = process.argv.slice(2);
const zip = archiver('zip', { zlib: { level: 6 } });
const hash = createHash('sha256');
const tee = new PassThrough({ highWaterMark: 8 * 1024 * 1024 });
tee.on('data', (chunk) => hash.update(chunk));
zip.directory(root, false);
await Promise.all([zip.finalize(), pipeline(zip, tee, createWriteStream(output))]);
hash.digest('hex');
${REPORT}`;

const prepare = (scratch, { peers }) => {
  compileInto(scratch);
  if (peers) installInto(scratch, ARCHIVER);
  writeFileSync(join(scratch, 'ours.mjs'), OURS);
  writeFileSync(join(scratch, 'zip.mjs'), ZIP);
};

const there = (program) => spawnSync(program, ['--version']).status === 0;

/** `cold`: goes without a first round that only warms up; a zip of the larger tree takes the better part of a minute. */
const methodsIn = (scratch, { peers, quick }) => [
  {
    name: 'pack (ours)',
    rounds: quick ? 3 : 5,
    command: (tree, output) => [process.execPath, [join(scratch, 'ours.mjs'), tree, output]]
  },
  ...(there('tar') && there('zstd')
    ? [
        {
          name: 'tar to zstd -3 -T2',
          rounds: quick ? 3 : 5,
          command: (tree, output) => [
            'sh',
            ['-c', 'tar -cf - -C "$1" . | zstd -3 -T2 -q -f -o "$2"', 'sh', tree, output]
          ]
        }
      ]
    : []),
  ...(peers
    ? [
        {
          name: 'archiver zip 6 + sha256',
          rounds: 2,
          cold: true,
          command: (tree, output) => [process.execPath, [join(scratch, 'zip.mjs'), tree, output]]
        }
      ]
    : [])
];

const once = ({ name, command }, tree, output) => {
  rmSync(output, { force: true });
  const [program, args] = command(tree, output);
  const started = performance.now();
  const child = spawnSync(program, args, { encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`);
  const said = child.stdout.trim() === '' ? {} : JSON.parse(child.stdout);
  return { seconds, size: statSync(output).size, ...said };
};

/** Rounds, not blocks: whatever else the machine does is shared by all methods. The first round warms the disk's cache. */
const measure = (methods, tree, output) => {
  const found = methods.map(() => []);
  for (let round = 0; round <= 5; round += 1)
    methods.forEach((method, index) => {
      if (round > method.rounds || (round === 0 && method.cold)) return;
      const result = once(method, tree.folder, output);
      if (round > 0) found[index].push(result);
    });
  return found;
};

const barOf = ({ quick }, { wall, peak }) =>
  quick
    ? judged(`<= ${BARS.megabytes} MB`, peak <= BARS.megabytes)
    : judged(`<= ${BARS.seconds} s, <= ${BARS.megabytes} MB`, wall.median <= BARS.seconds && peak <= BARS.megabytes);

const rowsOf = (options, methods, { tree, found }) => {
  const walls = found.map((results) => figureOf(results.map(({ seconds }) => seconds)));
  return methods.map(({ name }, index) => {
    const results = found[index];
    const known = results[0]?.rss !== undefined;
    const peak = Math.max(...results.map(({ rss }) => rss ?? 0));
    return {
      tree: `${tree.kind}: ${tree.files} files ${(tree.total / 1e6).toFixed(0)} MB`,
      method: name,
      ...cellsOf(walls[index], { unit: 'median s', digits: 2 }),
      'CPU s': known ? figureOf(results.map(({ cpu }) => cpu)).median.toFixed(1) : '',
      'peak RSS MB': known ? peak.toFixed(0) : '',
      'out MB': ((results[0]?.size ?? 0) / 1e6).toFixed(1),
      'ours is': ratio(walls[0], walls[index]),
      ...(index === 0 ? barOf(options, { wall: walls[0], peak }) : NO_BAR)
    };
  });
};

export const run = async (options) => {
  const scratch = folderOf(options, 'pack');
  prepare(scratch, options);
  const methods = methodsIn(scratch, options);
  const output = join(scratch, 'out.bin');
  const trees = ['mixed', 'modules'].map((kind) => makeTree(kind, scratch, options.quick ? 0.1 : 1));
  const rows = trees.flatMap((tree) => rowsOf(options, methods, { tree, found: measure(methods, tree, output) }));
  rmSync(output, { force: true });
  const rounds = methods.map(({ name, rounds: times }) => `${name} ${times}`).join(', ');
  return [
    { title: 'Packing a tree, with its digests', rows, notes: [`Rounds: ${rounds}; whole processes, warm disk cache.`] }
  ];
};
