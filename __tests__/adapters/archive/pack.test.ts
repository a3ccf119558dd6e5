import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { array, assert, asyncProperty, dictionary, integer, string, stringMatching } from 'fast-check';
import { createArchives, type ArchivesOptions } from '../../../src/adapters/archive/archives.ts';
import type { Packed } from '../../../src/ports.ts';
import { age, grow, reasonOf, scratch, seen, sha256, type Tree } from './trees.ts';

const DATE = '2026-01-02T03:04:05Z';
let place = scratch();
beforeEach(() => {
  place = scratch();
});
afterEach(() => place.remove());

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const WITNESSES = has('tar') && has('zstd') && String(execFileSync('tar', ['--version'])).includes('GNU tar');
if (!WITNESSES) console.warn('skipped: GNU tar and zstd are not both here to read our archives');
const describeWithWitnesses = WITNESSES ? describe : describe.skip;

interface Wish {
  readonly patterns?: readonly string[];
  readonly tracked?: readonly string[];
  readonly options?: ArchivesOptions;
}

const packAt = (root: string, { patterns = ['**'], tracked = [], options = {} }: Wish = {}): Promise<Packed> =>
  createArchives(options).pack({ root, patterns, tracked, date: DATE, output: join(place.path, 'out/shop.tar.zst') });

const packTree = (tree: Tree, wish: Wish = {}): Promise<Packed> => packAt(grow(join(place.path, 'tree'), tree), wish);

const pathsOf = async (tree: Tree, wish: Wish): Promise<readonly string[]> =>
  (await packTree(tree, wish)).files.map(({ path }) => path);

const LONG = `${'long-directory-name/'.repeat(14)}file.txt`;

const RICH: Tree = {
  'deploy.sh': { bytes: '#!/bin/sh\n', executable: true },
  'dist/app.js': 'app',
  'dist/.hidden/.x': 'dotfile',
  'dist/empty': '',
  'dist/block': 'b'.repeat(512),
  'dist/current': { link: '../dist/app.js' },
  'dist/ação/日本.txt': 'names beyond ASCII',
  'dist/to-ação': { link: 'ação/日本.txt' },
  [LONG]: 'a path no ustar field holds',
  [`a${'b'.repeat(99)}/${'c'.repeat(99)}`]: 'prefix and name',
  'dist/far': { link: `../${LONG}` },
  'dist/big.bin': { bytes: Buffer.alloc(9 * 1024 * 1024, 'spans frames ') }
};

describe('what a pack says about itself', () => {
  test('lists every file in byte order with its digest, and the digests of both streams', async () => {
    const packed = await packTree({ b: 'two', 'a/x': { bytes: 'one', executable: true }, 'a-b': { link: 'b' } });
    expect(packed.files).toEqual([
      { path: 'a-b', size: 1, sha256: sha256('b'), mode: '120000' },
      { path: 'a/x', size: 3, sha256: sha256('one'), mode: '100755' },
      { path: 'b', size: 3, sha256: sha256('two'), mode: '100644' }
    ]);
    const file = readFileSync(join(place.path, 'out/shop.tar.zst'));
    const tarSha256 = sha256(zstdDecompressSync(file));
    expect(packed.archive).toEqual({ name: 'shop.tar.zst', size: file.length, sha256: sha256(file), tarSha256 });
  });

  test('sorts names beyond the basic plane by their bytes, not by UTF-16', async () => {
    expect(await pathsOf({ '\u{1f600}': '', '\uffe0': '', z: '' }, {})).toEqual(['z', '\uffe0', '\u{1f600}']);
  });

  test('takes the execute bit of the owner and no other', async () => {
    const root = grow(join(place.path, 'tree'), { ours: 'x', theirs: 'x' });
    chmodSync(join(root, 'ours'), 0o700);
    chmodSync(join(root, 'theirs'), 0o655);
    expect((await packAt(root)).files.map(({ mode }) => mode)).toEqual(['100755', '100644']);
  });

  test('keeps hard links as files of their own', async () => {
    const root = grow(join(place.path, 'tree'), { one: 'same' });
    linkSync(join(root, 'one'), join(root, 'two'));
    expect((await packAt(root)).files.map(({ size }) => size)).toEqual([4, 4]);
  });
});

describeWithWitnesses('independent witnesses', () => {
  test('GNU tar extracts it and every file, link and mode is the same', async () => {
    const packed = await packTree(RICH);
    const into = join(place.path, 'gnu');
    mkdirSync(into);
    const archive = join(place.path, 'out/shop.tar.zst');
    execFileSync('sh', ['-c', 'umask 022; zstd -dcq "$1" | tar -xf - -C "$2"', 'sh', archive, into]);
    execFileSync('diff', ['-r', '--no-dereference', join(place.path, 'tree'), into]);
    const modes = Object.fromEntries(Object.entries(seen(into)).map(([path, what]) => [path, what.slice(0, 3)]));
    for (const { path, mode } of packed.files)
      expect([path, modes[path]]).toEqual([path, mode === '120000' ? '-> ' : mode.slice(3)]);
  });

  test('GNU tar sees the date, no owners, and directories are not stored', async () => {
    await packTree({ 'a/b': 'x' });
    const archive = join(place.path, 'out/shop.tar.zst');
    const list = execFileSync('sh', ['-c', 'zstd -dcq "$1" | TZ=UTC tar -tvf - --full-time', 'sh', archive]);
    expect(String(list)).toMatch(/^-rw-r--r-- 0\/0 +1 2026-01-02 03:04:05 a\/b\n$/);
  });
});

describe('the same content is the same archive', () => {
  const name = stringMatching(/^[a-zA-Zé\u{1f600}][a-z0-9 ._é-]{0,12}[a-z0-9]$/u);
  const trees = dictionary(
    array(name, { minLength: 1, maxLength: 3 }).map((parts) => `d/${parts.join('/d/')}`),
    string(),
    {
      minKeys: 1,
      maxKeys: 6
    }
  ).filter((tree) => {
    const paths = Object.keys(tree).map((path) => path.normalize('NFKC').toLowerCase());
    return new Set(paths).size === paths.length && !paths.some((a) => paths.some((b) => b.startsWith(`${a}/`)));
  });

  test('whatever the order of creation, the umask, the dates and the parent directory', async () => {
    await assert(
      asyncProperty(trees, integer({ min: 0, max: 2 ** 31 }), async (tree, seconds) => {
        const [here, there] = [scratch(), scratch()];
        const before = process.umask(0o022);
        try {
          const first = await packAt(grow(join(here.path, 'a'), tree));
          process.umask(0o077);
          const reversed = Object.fromEntries(Object.entries(tree).toReversed());
          const root = grow(join(there.path, 'elsewhere/deeper'), reversed);
          age(root, Object.keys(tree), seconds);
          expect(await packAt(root)).toEqual(first);
        } finally {
          process.umask(before);
          here.remove();
          there.remove();
        }
      }),
      { numRuns: 25 }
    );
  });

  test('a different byte, mode or date is a different archive', async () => {
    const digests = new Set<string>();
    for (const bytes of ['a', 'b']) {
      for (const executable of [true, false]) {
        const root = grow(join(place.path, `${bytes}${executable}`), { x: { bytes, executable } });
        digests.add((await packAt(root)).archive.tarSha256);
      }
    }
    expect(digests.size).toBe(4);
  });
});

describe('what is chosen', () => {
  const SITE: Tree = { 'dist/a.js': '', 'dist/a.js.map': '', 'dist/.well/known': '', 'src/a.ts': '', 'deploy.sh': '' };

  test.each<[string, readonly string[], readonly string[]]>([
    ['everything below', ['dist/**'], ['dist/.well/known', 'dist/a.js', 'dist/a.js.map']],
    ['a directory by name', ['./dist/'], ['dist/.well/known', 'dist/a.js', 'dist/a.js.map']],
    ['minus a kind', ['dist/**', '!dist/**/*.map'], ['dist/.well/known', 'dist/a.js']],
    ['minus a directory', ['**', '!dist/**'], ['deploy.sh', 'src/a.ts']],
    ['the last word counts', ['dist/**', '!dist/**', 'dist/a.js'], ['dist/a.js']],
    ['alternatives', ['{src,dist}/a.{ts,js}'], ['dist/a.js', 'src/a.ts']],
    ['classes and question marks', ['*/[a-b].?s'], ['dist/a.js', 'src/a.ts']],
    ['negated classes', ['[!s]*/a.js'], ['dist/a.js']],
    ['any depth in the middle', ['**/known', 'dist/**/a.js'], ['dist/.well/known', 'dist/a.js']]
  ])('%s', async (_, patterns, expected) => {
    expect(await pathsOf(SITE, { patterns })).toEqual(expected);
  });

  test('an escaped character is itself', async () => {
    expect(await pathsOf({ 'a*b': '', axb: '' }, { patterns: ['a\\*b'] })).toEqual(['a*b']);
  });

  test('links are chosen but never followed', async () => {
    const tree = { 'real/x': '', 'dist/l': { link: '../real' } };
    expect(await pathsOf(tree, { patterns: ['dist/**'] })).toEqual(['dist/l']);
    expect(await reasonOf(packAt(join(place.path, 'tree'), { patterns: ['dist/l/**'] }))).toEqual({
      code: 'files-missing',
      details: { patterns: 'dist/l/**' }
    });
  });

  test('without patterns the tracked files, and only those', async () => {
    expect(await pathsOf(SITE, { patterns: [], tracked: ['src/a.ts', 'deploy.sh'] })).toEqual([
      'deploy.sh',
      'src/a.ts'
    ]);
  });

  test.each<[string, Wish, string]>([
    ['patterns that match nothing', { patterns: ['dist/**', 'build/**', 'no.sh'] }, 'build/**, no.sh'],
    ['tracked files that are gone', { patterns: [], tracked: ['deploy.sh', 'gone'] }, 'gone'],
    ['a pattern of which nothing is left', { patterns: ['src/*', '!**'] }, 'src/*'],
    ['a place outside', { patterns: ['../**'] }, '../**']
  ])('names %s', async (_, wish, patterns) => {
    expect(await reasonOf(packTree(SITE, wish))).toEqual({ code: 'files-missing', details: { patterns } });
  });

  test('its own products are left out when a wide pattern reaches them', async () => {
    const root = grow(join(place.path, 'tree'), { x: '' });
    const order = { root, patterns: ['**'], tracked: [], date: DATE, output: join(root, '.delivery/a.tar.zst') };
    const first = await createArchives().pack(order);
    grow(root, { '.delivery/release.json': '{}' });
    expect(await createArchives().pack(order)).toEqual(first);
  });

  test('a pattern of many stars takes no exponential time', async () => {
    const started = performance.now();
    const patterns = ['x', `${'*a'.repeat(40)}*b`];
    expect((await reasonOf(packTree({ x: '', ['a'.repeat(250)]: '' }, { patterns }))).code).toBe('files-missing');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('what is refused', () => {
  const KEY = '-----BEGIN RSA PRIVATE KEY-----\ntop secret';

  test.each<[string, Tree, string]>([
    ['git', { '.git/config': '', '.git/objects/aa/bb': '' }, '.git/'],
    ['git in a submodule, in another case', { 'lib/.GIT': 'gitdir: x' }, 'lib/.GIT'],
    ['npm logins', { 'web/.npmrc': '' }, 'web/.npmrc'],
    ['environment files', { '.env': '', '.env.production': '', '.env.example': '' }, '.env, .env.production'],
    ['cloud logins', { 'gha-creds-0123.json': '', '.aws/credentials': '' }, '.aws/credentials, gha-creds-0123.json'],
    ['private keys', { id_rsa: '', 'a.pem': KEY, 'ca.pem': '-----BEGIN CERTIFICATE-----' }, 'a.pem, id_rsa'],
    ['absolute links', { l: { link: '/proc/self/environ' } }, 'l -> /proc/self/environ'],
    ['links that leave', { 'a/l': { link: '../../x' } }, 'a/l -> ../../x'],
    ['links that may leave through another', { l: { link: 'k/../../x' }, k: { link: '.' } }, 'l -> k/../../x'],
    ['names equal without case', { README: '', readme: '' }, 'readme = README'],
    ['names equal in Unicode', { '\u00e9': '', 'e\u0301': '' }, '\u00e9 = e\u0301'],
    ['names equal in letters of mathematics', { a: '', '\u{1d400}': '' }, '\u{1d400} = a'],
    ['a file above a file in another case', { A: '', 'a/b': '' }, 'a/b = A'],
    ['backslashes', { 'a\\b': '' }, 'a\\b'],
    ['drives', { 'C:x': '' }, 'C:x'],
    ['control characters, printed inert', { 'a\n::error::b': '' }, 'a\\u{a}::error::b']
  ])('%s', async (_, tree, paths) => {
    expect(await reasonOf(packTree({ ...tree, plain: '' }))).toEqual({ code: 'files-forbidden', details: { paths } });
    expect(existsSync(join(place.path, 'out'))).toBe(false);
  });

  test('sockets', async () => {
    const root = grow(join(place.path, 'tree'), { plain: '' });
    const server = createServer().listen(join(root, 's'));
    await new Promise((resolve) => server.once('listening', resolve));
    const reason = await reasonOf(packAt(root));
    server.close();
    expect(reason).toEqual({ code: 'files-forbidden', details: { paths: 's' } });
  });

  test('links that stay inside, also by way of the top', async () => {
    const tree = { 'a/b/l': { link: '../../c/x' }, 'c/x': '', 'a/top': { link: '..' } };
    expect(await pathsOf(tree, {})).toEqual(['a/b/l', 'a/top', 'c/x']);
  });

  test('long lists are cut, and say so', async () => {
    const tree = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i}/.npmrc`, '']));
    const reason = await reasonOf(packTree(tree));
    expect(JSON.stringify(reason.details)).toMatch(/, \.\.\. \(\+10\)"}$/);
  });

  test.each([{ entries: 1 }, { bytes: 3 }, { archive: 20 }])('more than the cap %j', async (limits) => {
    expect((await reasonOf(packTree({ a: 'aa', b: 'bb' }, { options: { limits } }))).code).toBe('files-forbidden');
    expect(existsSync(join(place.path, 'out')) ? readdirSync(join(place.path, 'out')) : []).toEqual([]);
  });
});

describe('when it cannot be finished', () => {
  const BIG = { bytes: Buffer.alloc(5 * 1024 * 1024) };

  test('a file that grows while it is read is refused, and nothing is left', async () => {
    const root = grow(join(place.path, 'tree'), { 'a.bin': BIG, 'b.bin': BIG, 'c.bin': BIG });
    const progress = (): void => appendFileSync(join(root, 'c.bin'), 'more');
    expect(await reasonOf(packAt(root, { options: { progress } }))).toEqual({
      code: 'build-failed',
      details: { problem: 'c.bin changed while it was packed' }
    });
    expect(readdirSync(join(place.path, 'out'))).toEqual([]);
  });

  test('an abort stops it, the earlier archive stays, and nothing else is left', async () => {
    await packTree({ x: '' });
    const root = grow(join(place.path, 'tree'), { 'a.bin': BIG, 'b.bin': BIG });
    const aborting = new AbortController();
    const options = { signal: aborting.signal, progress: () => aborting.abort(new Error('stop')) };
    await expect(packAt(root, { options })).rejects.toThrow('stop');
    expect(readdirSync(join(place.path, 'out'))).toEqual(['shop.tar.zst']);
  });
});

const describeOnLinux = existsSync('/proc/self/status') ? describe : describe.skip;
describeOnLinux('a file that says it is empty', () => {
  test('and is not, is refused', async () => {
    expect(await reasonOf(packAt('/proc/self', { patterns: ['status'] }))).toMatchObject({ code: 'build-failed' });
  });
});
