import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createArchives } from '../../../src/adapters/archive/archives.ts';
import type { ArchivesOptions } from '../../../src/adapters/archive/archives.ts';
import { unsafeEntries } from '../../../src/adapters/archive/names.ts';
import type { PackedFile } from '../../../src/domain/release.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { shown } from '../../threats/shown.ts';
import { END, entry, pax } from '../archive/hostile-tar.ts';
import type { Header } from '../archive/hostile-tar.ts';
import { grow, reasonOf, scratch, seen, sha256 } from '../archive/trees.ts';
import type { Tree } from '../archive/trees.ts';

let place = scratch();
beforeEach(() => {
  place = scratch();
  writeFileSync(join(place.path, 'canary'), 'untouched');
});
afterEach(() => place.remove());

/** Only what the test put there, and the canary as it was. */
const untouched = (): boolean =>
  readdirSync(place.path).every((name) => ['canary', 'x.tar.zst', 'into'].includes(name)) &&
  readFileSync(join(place.path, 'canary'), 'utf8') === 'untouched';

const listed = (path: string, bytes = '', mode: PackedFile['mode'] = '100644'): PackedFile => ({
  path,
  size: Buffer.byteLength(bytes),
  sha256: sha256(bytes),
  mode
});

/** Unpacks bytes whose own digests are all right. */
const unpack = (tar: Buffer, files: readonly PackedFile[], options: ArchivesOptions = {}): Promise<void> => {
  const bytes = zstdCompressSync(tar);
  const file = join(place.path, 'x.tar.zst');
  writeFileSync(file, bytes);
  const archive = { name: 'x.tar.zst', size: bytes.length, sha256: sha256(bytes), tarSha256: sha256(tar) };
  return createArchives(options).unpack({ file, into: join(place.path, 'into'), archive, files });
};

const tarOf = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, END]);

describe('archives that mean harm', () => {
  test.each(
    shown('header', [
      { row: 55, header: { name: '../../.bashrc' } },
      { row: 55, header: { name: '/etc/x' } },
      { row: 55, header: { name: 'C:\\x' } },
      { row: 55, header: { name: '..\\x' } },
      { row: 55, header: { name: 'a/../../canary' } },
      { row: 55, header: { name: 'canary', prefix: '..' } },
      { row: 55, header: { name: '.git/config' } },
      { row: 55, header: { name: 'a\n::error::b' } },
      { row: 56, header: { name: 'l', type: '2', link: '/etc' } },
      { row: 56, header: { name: 'l', type: '2', link: '../canary' } },
      { row: 56, header: { name: 'l', type: '2', link: 'a/../../canary' } },
      { row: 56, header: { name: 'h', type: '1', link: '../canary' } },
      { row: 56, header: { name: 'd', type: '3' } },
      { row: 56, header: { name: 'd', type: '4' } },
      { row: 56, header: { name: 'f', type: '6' } },
      { row: 56, header: { name: 'd/', type: '5' } }
    ])
  )('row $row: $shown is refused with all that comes with it', async ({ header }) => {
    const files = [listed(header.name), listed('good')];
    const reason = await reasonOf(unpack(tarOf(entry(header), entry({ name: 'good' })), files));
    expect(reason.code).toBe('files-forbidden');
    expect(untouched()).toBe(true);
  });

  test.each(
    shown('names', [
      { row: 55, names: ['a', 'a'] },
      { row: 55, names: ['README', 'readme'] },
      { row: 55, names: ['\u00e9', 'e\u0301'] },
      { row: 55, names: ['\ufb01', 'fi'] },
      { row: 55, names: ['a', 'A/b'] },
      { row: 55, names: ['stra\u00dfe', 'STRASSE'] }
    ])
  )('row $row: $shown would be one file somewhere, and is none here', async ({ names }) => {
    const tar = tarOf(...names.map((name) => Buffer.concat([pax({ path: name }), entry({ name: 'x' })])));
    expect(
      (
        await reasonOf(
          unpack(
            tar,
            names.map((name) => listed(name))
          )
        )
      ).code
    ).toBe('files-forbidden');
    expect(untouched()).toBe(true);
  });

  test('row 56: a file through a link is refused before either is made', async () => {
    const cases = [
      { row: 56, link: '..' },
      { row: 56, link: 'd' }
    ];
    for (const { link } of cases) {
      const tar = tarOf(entry({ name: 'l', type: '2', link }), entry({ name: 'l/canary', body: 'evil' }));
      const files = [listed('l', link, '120000'), listed('l/canary', 'evil')];
      expect((await reasonOf(unpack(tar, files))).code).toBe('files-forbidden');
      expect(untouched()).toBe(true);
    }
  });

  test.each<{ row: number; kind: string; tar: () => Buffer; files: readonly PackedFile[]; code: string }>([
    {
      row: 58,
      kind: '64 MB where five bytes were listed',
      tar: () => tarOf(entry({ name: 'a', body: Buffer.alloc(64 << 20) })),
      files: [listed('a', 'hello')],
      code: 'digest-mismatch'
    },
    {
      row: 58,
      kind: 'a list of gigabytes for a small file',
      tar: () => tarOf(entry({ name: 'a' })),
      files: [{ ...listed('a'), size: 4 * 1024 ** 3 }],
      code: 'files-forbidden'
    },
    {
      row: 58,
      kind: 'a million entries',
      tar: () => tarOf(entry({ name: 'a' })),
      files: Array.from({ length: 1_000_000 }, (_, n) => ({ path: `f${n}`, size: 0, sha256: '', mode: '100644' })),
      code: 'files-forbidden'
    },
    {
      row: 58,
      kind: 'entries that nobody listed',
      tar: () => tarOf(...Array.from({ length: 50 }, (_, n) => entry({ name: `f${n}` }))),
      files: [listed('f0')],
      code: 'digest-mismatch'
    },
    {
      row: 58,
      kind: 'a size that is a lie',
      tar: () => tarOf(entry({ name: 'a', body: 'hello', size: 4_000_000_000 })),
      files: [listed('a', 'hello')],
      code: 'digest-mismatch'
    }
  ])('row $row: $kind leaves nothing', async ({ tar, files, code }) => {
    expect((await reasonOf(unpack(tar(), files))).code).toBe(code);
    expect(untouched()).toBe(true);
  });

  test('modes: nothing is set-user, set-group, sticky or writable by others', async () => {
    for (const mode of [0o6777, 0o1777, 0o777]) {
      await unpack(tarOf(entry({ name: 's', mode })), [listed('s', '', '100755')]);
      expect(Object.values(seen(join(place.path, 'into')))).toEqual([`755 ${sha256('')}`]);
      place.remove();
      mkdirSync(place.path);
    }
  });

  test('law: whatever the entries, either all of the list is there and nothing else, or nothing at all', async () => {
    const name = fc.constantFrom(
      'a',
      'b',
      'A',
      'd/a',
      '../canary',
      '/etc/x',
      'd',
      'd/../a',
      '.git/x',
      '',
      'a\\b',
      './a'
    );
    const header = fc.record<Header>({
      name,
      type: fc.constantFrom('0', '2', '1', '5', 'x', 'L', '\0'),
      body: fc.constantFrom('', 'hello', 'x'.repeat(600)),
      link: fc.constantFrom('', 'a', '..', '../canary', '/etc'),
      mode: fc.constantFrom(0o644, 0o755, 0o6777),
      prefix: fc.constantFrom('', '', '', '..')
    });
    const file = (from: Header): PackedFile =>
      from.type === '2'
        ? listed(from.name, from.link, '120000')
        : listed(from.name, String(from.body), (Number(from.mode) & 0o100) === 0 ? '100644' : '100755');
    await fc.assert(
      fc.asyncProperty(fc.array(header, { maxLength: 4 }), fc.boolean(), async (headers, honest) => {
        const files = headers.map(file).slice(honest ? 0 : 1);
        const tar = tarOf(...headers.map((each) => entry(each.type === '2' ? { ...each, body: '' } : each)));
        const problem = await unpack(tar, files).then(
          () => undefined,
          (error: unknown) => error
        );
        const into = join(place.path, 'into');
        const there = readdirSync(place.path).includes('into') ? Object.keys(seen(into)) : undefined;
        expect(untouched()).toBe(true);
        expect(problem === undefined || problem instanceof Refusal).toBe(true);
        expect(there?.toSorted()).toEqual(problem === undefined ? files.map(({ path }) => path).toSorted() : undefined);
        place.remove();
        place = scratch();
        writeFileSync(join(place.path, 'canary'), 'untouched');
      }),
      { numRuns: 60 }
    );
  });

  test('law: what is safe to unpack stays below its folder on every system', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'B', 'C:', '\\', '.git', 'GIT~1', '\u202e', '\n', 'con', '\u00e9');
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, (text) => {
        const inside = URL.parse(text, 'file:///root/here/')?.pathname.startsWith('/root/here/') === true;
        const clean = inside && !/(^|\/)(\.{0,2}|\.git|GIT~1)(\/|$)|\\|\n/.test(text);
        expect(unsafeEntries([{ path: text }]).length === 0 && !clean).toBe(false);
      })
    );
  });
});

describe('trees that hold what must not travel', () => {
  test.each(
    shown('tree', [
      { row: 60, tree: { '.git/config': 'x' }, named: '.git/' },
      { row: 60, tree: { 'web/.npmrc': 'x' }, named: 'web/.npmrc' },
      { row: 60, tree: { '.env': 'x' }, named: '.env' },
      { row: 60, tree: { 'gha-creds-1.json': 'x' }, named: 'gha-creds-1.json' },
      { row: 60, tree: { 'a.pem': '-----BEGIN PRIVATE KEY-----' }, named: 'a.pem' },
      { row: 60, tree: { x: { link: '/proc/self/environ' } }, named: 'x -> /proc/self/environ' },
      { row: 60, tree: { 'd/x': { link: '../../../etc/passwd' } }, named: 'd/x -> ../../../etc/passwd' },
      { row: 54, tree: { 'a\\b': 'x' }, named: 'a\\b' },
      { row: 54, tree: { 'C:x': 'x' }, named: 'C:x' },
      { row: 54, tree: { 'a\r::error::b': 'x' }, named: 'a\\u{d}::error::b' }
    ])
  )('row $row: $shown is refused by name, and not read', async ({ tree, named }) => {
    const content: Tree = { ...tree, good: 'x' };
    const root = grow(join(place.path, 'tree'), content);
    const output = join(place.path, 'out', 'a.tar.zst');
    const order = { root, patterns: ['**'], tracked: [], date: '2026-01-02T03:04:05Z', output };
    expect(await reasonOf(createArchives().pack(order))).toEqual({
      code: 'files-forbidden',
      details: { paths: named }
    });
    expect(readdirSync(place.path).toSorted()).toEqual(['canary', 'tree']);
  });
});
