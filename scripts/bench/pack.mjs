// Packs two large trees three ways and prints one table: wall time, CPU and peak memory of whole processes.
//   npm exec -- node scripts/bench/pack.mjs SCRATCH [--quick] [--runs=3]
// SCRATCH keeps the trees for the next time. --quick: trees a tenth the size. Needs tar and zstd; installs archiver there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTree } from './trees.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url));
const [scratchArgument] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (scratchArgument === undefined) throw new Error('name a scratch directory');
const scratch = resolve(scratchArgument);
const quick = process.argv.includes('--quick');
const runs = Number(/--runs=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 3);
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

const prepare = () => {
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(scratch, 'ours.mjs'), OURS);
  writeFileSync(join(scratch, 'zip.mjs'), ZIP);
  const build = ['-p', join(project, 'tsconfig.build.json'), '--outDir', join(scratch, 'build')];
  // A type error elsewhere is not this script's concern: the compiler writes its output all the same.
  spawnSync(join(project, 'node_modules/.bin/tsc'), build);
  if (!existsSync(join(scratch, 'node_modules/archiver')))
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', 'archiver@7.0.1'], { cwd: scratch });
};

const METHODS = {
  'pack (ours)': (tree, output) => [process.execPath, [join(scratch, 'ours.mjs'), tree, output]],
  'tar to zstd -3 -T2': (tree, output) => [
    'sh',
    ['-c', 'tar -cf - -C "$1" . | zstd -3 -T2 -q -f -o "$2"', 'sh', tree, output]
  ],
  'archiver zip 6 + sha256': (tree, output) => [process.execPath, [join(scratch, 'zip.mjs'), tree, output]]
};

const once = (method, tree) => {
  const output = join(scratch, 'out.bin');
  rmSync(output, { force: true });
  const [command, args] = METHODS[method](tree, output);
  const started = process.hrtime.bigint();
  const child = spawnSync(command, args, { encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (child.status !== 0) throw new Error(`${method}: ${child.stderr}`);
  const said = child.stdout.trim() === '' ? {} : JSON.parse(child.stdout);
  return { seconds, size: statSync(output).size, ...said };
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Rounds, not blocks: whatever else the machine does is shared by all methods. */
const measure = (tree) => {
  const found = new Map(Object.keys(METHODS).map((method) => [method, []]));
  for (const method of found.keys()) if (method !== 'archiver zip 6 + sha256') once(method, tree.folder);
  for (let run = 0; run < runs; run += 1)
    for (const [method, results] of found) results.push(once(method, tree.folder));
  return found;
};

const rowsOf = (tree, found) => {
  const base = median(found.get('pack (ours)').map(({ seconds }) => seconds));
  return [...found].map(([method, results]) => {
    const times = results.map(({ seconds }) => seconds);
    const peak = Math.max(...results.map(({ rss }) => rss ?? Number.NaN));
    const cpu = median(results.map((result) => result.cpu ?? Number.NaN));
    return {
      tree: `${tree.kind}: ${tree.files} files ${(tree.total / 1e6).toFixed(0)} MB`,
      method,
      'median s': median(times).toFixed(2),
      'min-max s': `${Math.min(...times).toFixed(2)}-${Math.max(...times).toFixed(2)}`,
      'CPU s': Number.isNaN(cpu) ? '-' : cpu.toFixed(1),
      'peak RSS MB': Number.isNaN(peak) ? '-' : peak.toFixed(0),
      'out MB': ((results[0]?.size ?? 0) / 1e6).toFixed(1),
      'x ours': (median(times) / base).toFixed(2),
      bar: method === 'pack (ours)' ? (median(times) <= BARS.seconds && peak <= BARS.megabytes ? 'held' : 'MISSED') : ''
    };
  });
};

const print = (rows) => {
  const columns = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log(
    [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(Object.values(row)))].join('\n')
  );
};

prepare();
const trees = ['mixed', 'modules'].map((kind) => makeTree(kind, scratch, quick ? 0.1 : 1));
const rows = trees.flatMap((tree) => rowsOf(tree, measure(tree)));
console.log(
  `Node ${process.version}, ${cpus().length} cores, ${runs} runs; bar: ${BARS.seconds} s, ${BARS.megabytes} MB`
);
print(rows);
