// Builds the action from the tree in the current directory: `node scripts/package.ts` writes dist/,
// `node scripts/package.ts --check` only tells whether dist/ is what the source gives.
// TypeScript compiles to build/, ncc joins that into ONE readable file: docs/decisions/0002-one-readable-file.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ncc from '@vercel/ncc';
import type { BundledModule } from '@vercel/ncc';
import { licenceList } from './licences.ts';

const root = process.cwd();
const compiled = join(root, 'build');
const dist = join(root, 'dist');

const compile = (): void => {
  rmSync(compiled, { recursive: true, force: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the source does not compile');
};

const filesOf = (modules: Iterable<BundledModule>): string[] =>
  [...modules].flatMap(({ resource, modules: parts }) => [
    ...(resource === undefined ? [] : [resource]),
    ...filesOf(parts ?? [])
  ]);

/** Name and text of every file of dist/. */
const bundle = async (): Promise<ReadonlyMap<string, string>> => {
  compile();
  const entry = join(compiled, 'index.js');
  const { code, assets, stats } = await ncc(entry, { cache: false, quiet: true, minify: false, sourceMap: false });
  const unexpected = Object.keys(assets).filter((name) => name !== 'package.json');
  if (unexpected.length > 0)
    throw new Error(`the bundle must be one file, but ncc also wrote ${unexpected.join(', ')}`);
  return new Map([
    ['LICENSES.txt', licenceList(filesOf(stats.compilation.modules))],
    ['index.js', code],
    ['package.json', `${JSON.stringify({ type: 'module' })}\n`]
  ]);
};

const write = (files: ReadonlyMap<string, string>): void => {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  for (const [name, text] of files) writeFileSync(join(dist, name), text);
};

const check = (files: ReadonlyMap<string, string>): void => {
  const names = existsSync(dist) ? readdirSync(dist).toSorted() : [];
  const same =
    names.join() === [...files.keys()].join() &&
    names.every((name) => readFileSync(join(dist, name), 'utf8') === files.get(name));
  if (same) return;
  console.error('dist/ is not what the source gives: run `npm run package` and commit dist/');
  process.exitCode = 1;
};

const files = await bundle();
if (process.argv.includes('--check')) check(files);
else write(files);
console.log(`dist/index.js: ${Buffer.byteLength(files.get('index.js') ?? '').toLocaleString('en')} bytes`);
