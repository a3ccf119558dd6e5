// How long the action needs to say that it was given no input: process start, loading, parsing, refusal.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ncc from '@vercel/ncc';
import { surroundingsOf } from '../../rehearsal/runner/surroundings.ts';
import { NO_BAR, cellsOf, figureOf, judged, ratio } from './figures.ts';
import { installInto } from './install.ts';
import { folderOf } from './options.ts';

const ACTION = join(import.meta.dirname, '..', '..', 'dist', 'index.js');
const BARS = { ratio: 1.1, bytes: 1_600_000 };
const PACKAGES = { '@actions/core': '3.0.1', '@actions/github': '9.1.1' };

/** The smallest action that does what every action does: read an input, hold a client, refuse politely. */
const TOY = `import { getInput, setFailed } from '@actions/core';
import { getOctokit } from '@actions/github';
try { getOctokit(getInput('token', { required: true })); } catch (error) { setFailed(error.message); }
`;

/** Bundled as our own action is: the same ncc, not minified, no source map. */
const bundleToy = async (folder) => {
  installInto(folder, PACKAGES);
  writeFileSync(join(folder, 'toy.js'), TOY);
  const { code } = await ncc(join(folder, 'toy.js'), { cache: false, quiet: true, minify: false, sourceMap: false });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'dist', 'index.js'), code);
  return join(folder, 'dist', 'index.js');
};

/** What a runner sets, with command files that exist; no inputs. */
const environmentIn = (folder) => {
  const files = Object.fromEntries(
    ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'].map((name) => [`GITHUB_${name}`, join(folder, name)])
  );
  for (const file of [...Object.values(files), join(folder, 'event.json')]) writeFileSync(file, '');
  writeFileSync(join(folder, 'event.json'), '{}');
  const server = { serverUrl: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9', graphqlUrl: 'http://127.0.0.1:9' };
  const run = { server, repository: 'acme/shop', runId: 1, runAttempt: 1, runNumber: 1, workflow: 'delivery' };
  const job = { job: 'deploy', actor: 'ana', triggeringActor: 'ana', event: 'push', sha: '0'.repeat(40) };
  const place = { ref: 'refs/heads/main', eventPath: join(folder, 'event.json'), workspace: folder, temporary: folder };
  return { PATH: process.env.PATH, HOME: folder, ...surroundingsOf({ ...run, ...job, ...place }), ...files };
};

/** Milliseconds of one whole process. */
const once = ({ args, refuses }, { cwd, env }) => {
  const began = performance.now();
  const { status, stdout } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  const milliseconds = performance.now() - began;
  // A crash would be fast too.
  if (refuses && (status !== 1 || !stdout.includes('::error'))) throw new Error(`${args}: ${status}\n${stdout}`);
  return milliseconds;
};

/** Rounds, not blocks: whatever else the machine does is shared by all programs. */
const measure = (programs, place, rounds) => {
  const samples = programs.map(() => []);
  for (let round = -2; round < rounds; round += 1)
    programs.forEach((program, index) => {
      const milliseconds = once(program, place);
      if (round >= 0) samples[index].push(milliseconds);
    });
  return samples.map(figureOf);
};

const barOf = (mine, toy) =>
  toy === undefined ? NO_BAR : judged(`<= ${BARS.ratio}x of core + github`, mine.median / toy.median <= BARS.ratio);

const rowOf = ({ name, file }, { figure, mine, end }) => ({
  program: name,
  bytes: file === undefined ? '' : statSync(file).size.toLocaleString('en'),
  ...cellsOf(figure, { unit: 'median ms', digits: 1 }),
  'ours is': ratio(mine, figure),
  ...end
});

export const run = async (options) => {
  const folder = folderOf(options, 'start');
  const toyFile = options.peers ? await bundleToy(folder) : undefined;
  const programs = [
    { name: 'dist/index.js', file: ACTION, args: [ACTION], refuses: true },
    { name: 'node -e 0', args: ['-e', '0'], refuses: false },
    ...(toyFile === undefined
      ? []
      : [{ name: 'bundle of core + github', file: toyFile, args: [toyFile], refuses: true }])
  ];
  const cwd = mkdtempSync(join(folder, 'run-'));
  const rounds = options.quick ? 11 : 51;
  try {
    const figures = measure(programs, { cwd, env: environmentIn(cwd) }, rounds);
    const [mine, , toy] = figures;
    const rows = programs.map((program, index) =>
      rowOf(program, { figure: figures[index], mine, end: index === 0 ? barOf(mine, toy) : NO_BAR })
    );
    const { size } = statSync(ACTION);
    const sizeRow = { program: 'size of dist/index.js', bytes: size.toLocaleString('en') };
    const bar = judged(`< ${BARS.bytes.toLocaleString('en')} bytes`, size < BARS.bytes);
    return [
      { title: `Fail-fast start, no inputs (${rounds} interleaved rounds)`, rows: [...rows, { ...sizeRow, ...bar }] }
    ];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
};
