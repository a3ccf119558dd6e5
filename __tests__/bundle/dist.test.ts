import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runtimePackages } from '../lock-file.ts';

const ROOT = process.cwd();
const LIMIT_BYTES = 1_600_000;
/** What building needs besides the packages that go into the bundle. */
const TOOLS = ['@vercel/ncc', '@types/node', 'undici-types'];
/** The command line tool alone; its place does not show in what it writes. */
const LINKED = ['typescript'];

const read = (folder: string, name: string): string => readFileSync(join(folder, 'dist', name), 'utf8');

/** A copy of the project as a fresh clone has it, built. */
const buildIn = (folder: string): string => {
  for (const name of ['src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  for (const name of [...runtimePackages(), ...TOOLS]) {
    cpSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
  for (const name of LINKED) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  const { status, stderr } = spawnSync(process.execPath, ['scripts/package.ts'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return folder;
};

describe('dist', () => {
  let home: string;
  let shallow: string;
  let deep: string;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'bundle-'));
    shallow = join(home, 'one');
    deep = join(home, 'with a space', 'and', 'deeper');
    for (const folder of [shallow, deep]) {
      mkdirSync(dirname(folder), { recursive: true });
      buildIn(folder);
    }
  }, 120_000);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('is one program, its licences and its module type', () => {
    expect(readdirSync(join(ROOT, 'dist')).toSorted()).toEqual(['LICENSES.txt', 'index.js', 'package.json']);
  });

  test.each(['index.js', 'LICENSES.txt', 'package.json'])(
    '%s is byte for byte what the source gives, anywhere',
    (name) => {
      // Not toBe on the texts: a difference of half a megabyte helps nobody.
      expect(read(shallow, name) === read(deep, name)).toBe(true);
      expect(read(ROOT, name) === read(shallow, name)).toBe(true);
    }
  );

  test('is small enough to review and to start quickly', () => {
    expect(Buffer.byteLength(read(ROOT, 'index.js'))).toBeLessThan(LIMIT_BYTES);
  });

  test('holds no path of the machine that built it', () => {
    const program = read(shallow, 'index.js');
    expect(program.includes(home)).toBe(false);
    expect(program).not.toMatch(/file:\/\/\/(home|tmp|Users|root)\//);
    expect(program).not.toMatch(/["'`](\/home\/|\/Users\/|[A-Z]:\\\\)/);
  });

  test('names every package it contains, with its licence', () => {
    const list = read(ROOT, 'LICENSES.txt');
    const named = [...list.matchAll(/^=+\n(\S+) \d+\.\d+\.\d+\nLicence: (\S+)\n\n(.{3,})/gm)].map(([, name]) => name);
    const withCode = runtimePackages().filter((name) => hasProgram(join(ROOT, 'node_modules', name)));
    expect(named).toEqual(withCode);
  });
});

/** Some packages are types only. */
const hasProgram = (folder: string): boolean =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((file) => /(?<!\.d)\.[cm]?js$/.test(file));
