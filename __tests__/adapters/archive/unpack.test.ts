import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import {
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  dictionary,
  oneof,
  record,
  stringMatching,
  uint8Array
} from 'fast-check';
import { createArchives, type ArchivesOptions } from '../../../src/adapters/archive/archives.ts';
import type { Archive, PackedFile } from '../../../src/domain/release.ts';
import { END, entry, pax } from './hostile-tar.ts';
import { grow, reasonOf, scratch, seen, sha256, type Node, type Tree } from './trees.ts';

let place = scratch();
beforeEach(() => {
  place = scratch();
  writeFileSync(join(place.path, 'canary'), 'untouched');
});
afterEach(() => {
  if (readFileSync(join(place.path, 'canary'), 'utf8') !== 'untouched')
    throw new Error('something was written outside');
  place.remove();
});

const file = (path: string, bytes: string | Buffer = '', mode: PackedFile['mode'] = '100644'): PackedFile => ({
  path,
  size: Buffer.byteLength(bytes),
  sha256: sha256(bytes),
  mode
});

const link = (path: string, target: string): PackedFile => file(path, target, '120000');

interface Parcel {
  readonly file: string;
  readonly archive: Archive;
}

/** A compressed file whose digests are all right, whatever is in it: only what is inside can be refused. */
const parcel = (tar: Buffer): Parcel => {
  const bytes = zstdCompressSync(tar);
  const path = join(place.path, 'x.tar.zst');
  writeFileSync(path, bytes);
  return {
    file: path,
    archive: { name: 'x.tar.zst', size: bytes.length, sha256: sha256(bytes), tarSha256: sha256(tar) }
  };
};

const unpack = (from: Parcel, files: readonly PackedFile[], options: ArchivesOptions = {}): Promise<void> =>
  createArchives(options).unpack({ ...from, into: join(place.path, 'into'), files });

/** The refusal, after making sure that nothing was left or written anywhere. */
const refusalOf = async (tar: Buffer, files: readonly PackedFile[]): Promise<readonly [string, string]> => {
  const reason = await reasonOf(unpack(parcel(tar), files));
  expect(readdirSync(place.path).toSorted()).toEqual(['canary', 'x.tar.zst']);
  return [reason.code, Object.values(reason.details).join(' | ')];
};

const GOOD = entry({ name: 'a', body: 'hello' });

const roundTrip = async (tree: Tree, under: string): Promise<void> => {
  const root = grow(join(under, 'tree'), tree);
  const output = join(under, 'a.tar.zst');
  const order = { root, patterns: ['**'], tracked: [], date: '2026-01-02T03:04:05Z', output };
  const packed = await createArchives().pack(order);
  await createArchives().unpack({ file: output, into: join(under, 'into'), ...packed });
};

const evil = (name: string): Buffer => entry({ name, body: 'evil' });

const tarOf = (...names: readonly string[]): Buffer => Buffer.concat([...names.map((name) => entry({ name })), END]);

describe('a good archive', () => {
  const TREE: Tree = {
    'bin/run.sh': { bytes: '#!/bin/sh\n', executable: true },
    'bin/latest': { link: 'run.sh' },
    empty: '',
    'ação/日本.txt': 'beyond ASCII',
    [`${'deep/'.repeat(60)}file`]: 'long path',
    'big.bin': { bytes: Buffer.alloc(5 * 1024 * 1024, 'more than a frame ') }
  };

  test('gives the same files, links and modes back, whatever the umask', async () => {
    const before = process.umask(0o022);
    const root = grow(join(place.path, 'tree'), TREE);
    const output = join(place.path, 'a.tar.zst');
    const order = { root, patterns: ['**'], tracked: [], date: '2026-01-02T03:04:05Z', output };
    const packed = await createArchives().pack(order);
    process.umask(0o077);
    const into = join(place.path, 'into');
    mkdirSync(into);
    await createArchives()
      .unpack({ file: output, into, ...packed })
      .finally(() => process.umask(before));
    expect(seen(into)).toEqual(seen(root));
  });

  test('round trips of random trees', async () => {
    const bytes = uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array));
    const node = oneof(
      { weight: 4, arbitrary: record({ bytes, executable: boolean() }) },
      constantFrom('.', 'x', 'x/y').map((target): Node => ({ link: target }))
    );
    const trees = dictionary(stringMatching(/^(?:[a-z0-9é]{1,60}\/d\/){0,4}f[a-z0-9]{1,40}$/), node, {
      minKeys: 1
    });
    const before = process.umask(0o022);
    await assert(
      asyncProperty(trees, async (tree) => {
        const here = scratch();
        try {
          await roundTrip(tree, here.path);
          expect(seen(join(here.path, 'into'))).toEqual(seen(join(here.path, 'tree')));
          expect(existsSync(join(here.path, 'into.partial'))).toBe(false);
        } finally {
          here.remove();
        }
      }),
      { numRuns: 8 }
    ).finally(() => process.umask(before));
  });

  test('masks the bits nobody asked for', async () => {
    await unpack(parcel(Buffer.concat([entry({ name: 's', mode: 0o6777 }), END])), [file('s', '', '100755')]);
    expect(seen(join(place.path, 'into'))).toEqual({ s: `755 ${sha256('')}` });
  });

  test('replaces what a crash left beside, but no directory with something in it', async () => {
    grow(join(place.path, 'into.partial'), { leftover: 'x' });
    const good = parcel(Buffer.concat([GOOD, END]));
    await unpack(good, [file('a', 'hello')]);
    expect(Object.keys(seen(join(place.path, 'into')))).toEqual(['a']);
    await expect(unpack(good, [file('a', 'hello')])).rejects.toThrow('is not empty');
  });
});

describe('what is not what the list says', () => {
  test.each<[string, Partial<Archive>, string]>([
    ['the size of the archive', { size: 3 }, 'x.tar.zst | 3 bytes'],
    ['the digest of the archive', { sha256: '0'.repeat(64) }, `x.tar.zst | ${'0'.repeat(64)}`],
    ['the digest of the tar', { tarSha256: '1'.repeat(64) }, `tar | ${'1'.repeat(64)}`]
  ])('%s', async (_, wrong, text) => {
    const good = parcel(Buffer.concat([GOOD, END]));
    const reason = await reasonOf(unpack({ ...good, archive: { ...good.archive, ...wrong } }, [file('a', 'hello')]));
    expect(reason.code).toBe('digest-mismatch');
    expect(Object.values(reason.details).join(' | ')).toContain(text);
    expect(readdirSync(place.path).toSorted()).toEqual(['canary', 'x.tar.zst']);
  });

  test.each<[string, readonly PackedFile[], string]>([
    ['other bytes', [file('a', 'HELLO')], `a | ${sha256('HELLO')} | ${sha256('hello')}`],
    ['another size', [file('a', 'hello!')], 'a | 6 bytes | 5 bytes'],
    ['another mode', [file('a', 'hello', '100755')], 'a | 100755 | 100644'],
    ['a link for a file', [link('a', 'hello')], 'a | 120000 | 100644'],
    ['a file missing', [file('a', 'hello'), file('b')], 'entry | b | (end)'],
    ['a file too many', [], 'entry | (end) | a'],
    ['another name', [file('b', 'hello')], 'entry | b | a']
  ])('%s', async (_, files, text) => {
    expect(await refusalOf(Buffer.concat([GOOD, END]), files)).toEqual(['digest-mismatch', text]);
  });

  test('another link target', async () => {
    const tar = Buffer.concat([entry({ name: 'l', type: '2', link: 'xx' }), END]);
    expect(await refusalOf(tar, [link('l', 'yy')])).toEqual([
      'digest-mismatch',
      `l | ${sha256('yy')} | ${sha256('xx')}`
    ]);
  });
});

describe('hostile archives, every digest right', () => {
  test.each<[string, Buffer, string]>([
    ['traversal', evil('../canary'), '../canary'],
    ['traversal in the middle', evil('a/../../canary'), 'a/../../canary'],
    ['traversal by the prefix field', entry({ name: 'canary', prefix: '..' }), '../canary'],
    ['traversal by an extended header', Buffer.concat([pax({ path: '../canary' }), evil('a')]), '../canary'],
    ['absolute', evil('/etc/x'), '/etc/x'],
    ['drive', evil('C:x'), 'C:x'],
    ['backslash', evil('..\\canary'), '..\\canary'],
    ['dot', evil('./a'), './a'],
    ['doubled slash', evil('a//b'), 'a//b'],
    ['empty name', evil(''), ''],
    ['git', evil('.git/hooks/post-checkout'), '.git/hooks/post-checkout'],
    ['git as Windows shortens it', evil('GIT~1/config'), 'GIT~1/config'],
    ['git with an invisible character', evil('.g\u200cit/config'), '.g\\u{200c}it/config'],
    ['link to an absolute path', entry({ name: 'l', type: '2', link: '/etc' }), 'l -> /etc'],
    ['link that leaves', entry({ name: 'l', type: '2', link: '..' }), 'l -> ..'],
    ['link that may leave through another', entry({ name: 'l', type: '2', link: 'a/..' }), 'l -> a/..'],
    [
      'link that leaves by an extended header',
      Buffer.concat([pax({ linkpath: '../..' }), entry({ name: 'l', type: '2' })]),
      'l -> ../..'
    ],
    ['hard link', entry({ name: 'h', type: '1', link: 'canary' }), 'h (hard link)'],
    ['character device', entry({ name: 'd', type: '3' }), 'd (device)'],
    ['block device', entry({ name: 'd', type: '4' }), 'd (device)'],
    ['directory', entry({ name: 'd/', type: '5' }), 'd/ (directory)'],
    ['fifo', entry({ name: 'f', type: '6' }), 'f (fifo)'],
    ['GNU long name', entry({ name: 'g', type: 'L', body: '../canary' }), 'g (type L)'],
    ['GNU sparse', entry({ name: 'g', type: 'S' }), 'g (type S)'],
    ['global extended header', pax({ path: '../canary' }, 'g'), 'PaxHeaders/x (type g)']
  ])('%s is refused by name', async (_, first, paths) => {
    expect(await refusalOf(Buffer.concat([first, GOOD, END]), [file('a', 'hello')])).toEqual([
      'files-forbidden',
      paths
    ]);
  });

  test.each<[string, Buffer]>([
    ['no tar at all', Buffer.from('<html>'.repeat(200))],
    ['a wrong checksum', Buffer.concat([entry({ name: 'a', checksum: '000000\0 ' }), END])],
    ['old tar', Buffer.concat([entry({ name: 'a', magic: 'ustar  \0' }), END])],
    ['a binary size', Buffer.concat([entry({ name: 'a', size: '\x80\0\0\0\0\0\0\0\0\0\0\x05' }), END])],
    ['a negative size', Buffer.concat([entry({ name: 'a', size: '-0000000005' }), END])],
    ['an end cut off', GOOD],
    ['one end block only', Buffer.concat([GOOD, Buffer.alloc(512)])],
    ['bytes after the end', Buffer.concat([GOOD, END, evil('b')])],
    ['many zeros after the end', Buffer.concat([GOOD, Buffer.alloc(1 << 20)])],
    ['an unknown extended key', Buffer.concat([pax({ 'GNU.sparse.name': '../canary' }), GOOD, END])],
    ['a key twice', Buffer.concat([entry({ name: 'x', type: 'x', body: '9 path=a\n9 path=b\n' }), GOOD, END])],
    [
      'a record longer than its header',
      Buffer.concat([entry({ name: 'x', type: 'x', body: '99 path=a\n' }), GOOD, END])
    ],
    ['a record without a length', Buffer.concat([entry({ name: 'x', type: 'x', body: 'path=a\n' }), GOOD, END])],
    ['two extended headers', Buffer.concat([pax({ path: 'b' }), pax({ path: 'a' }), GOOD, END])],
    ['an extended header for nothing', Buffer.concat([GOOD, pax({ path: 'b' }), END])],
    ['a large extended header', Buffer.concat([pax({ path: 'p'.repeat(17_000) }), GOOD, END])],
    ['an extended size that is none', Buffer.concat([pax({ size: '-5' }), GOOD, END])],
    [
      'names that are not UTF-8',
      Buffer.concat([entry({ name: 'x', type: 'x', body: Buffer.from('9 path=\xff\n', 'latin1') }), GOOD, END])
    ]
  ])('%s is no archive of ours', async (_, tar) => {
    const [code, text] = await refusalOf(tar, [file('a', 'hello')]);
    expect([code, text.slice(0, 20)]).toEqual(['digest-mismatch', 'x.tar.zst | ustar | ']);
  });

  test('bytes that are no zstd', async () => {
    const bytes = Buffer.from('not compressed at all');
    writeFileSync(join(place.path, 'x.tar.zst'), bytes);
    const archive = { name: 'x.tar.zst', size: bytes.length, sha256: sha256(bytes), tarSha256: sha256('') };
    const reason = await reasonOf(unpack({ file: join(place.path, 'x.tar.zst'), archive }, [file('a')]));
    expect(reason).toMatchObject({ code: 'digest-mismatch', details: { expected: 'zstd' } });
  });
});

describe('hostile lists', () => {
  test.each<[string, Buffer, readonly PackedFile[], string]>([
    ['a path outside', tarOf('../canary'), [file('../canary')], '../canary'],
    ['one name twice', tarOf('a', 'a'), [file('a'), file('a')], 'a = a'],
    ['names equal without case', tarOf('a', 'A'), [file('a'), file('A')], 'A = a'],
    ['names equal by NFKC', tarOf('\ufb01', 'fi'), [file('\ufb01'), file('fi')], 'fi = \ufb01'],
    [
      'a file through a link',
      Buffer.concat([entry({ name: 'l', type: '2', link: 'd' }), entry({ name: 'l/canary' }), END]),
      [link('l', 'd'), file('l/canary')],
      'l/canary = l'
    ]
  ])('%s', async (...[, tar, files, paths]) => {
    expect(await refusalOf(tar, files)).toEqual(['files-forbidden', paths]);
  });

  test('more entries, more bytes or a higher ratio than the caps: nothing is read', async () => {
    const good = parcel(Buffer.concat([GOOD, END]));
    const gigabytes = { ...file('a'), size: 2 * 1024 ** 3 };
    for (const [files, limits] of [
      [[file('a'), file('b')], { entries: 1 }],
      [[file('a', 'hello')], { bytes: 4 }],
      [[gigabytes], {}]
    ] as const)
      expect((await reasonOf(unpack(good, files, { limits }))).code).toBe('files-forbidden');
    expect(readdirSync(place.path).toSorted()).toEqual(['canary', 'x.tar.zst']);
  });

  test('a bomb is left at the first byte beyond its list', async () => {
    const bomb = Buffer.concat([entry({ name: 'a', body: Buffer.alloc(64 << 20) }), END]);
    expect(await refusalOf(bomb, [file('a', 'hello')])).toEqual(['digest-mismatch', 'a | 5 bytes | 67108864 bytes']);
  });
});

test('an abort leaves nothing', async () => {
  const aborting = new AbortController();
  aborting.abort(new Error('stop'));
  const good = parcel(Buffer.concat([GOOD, END]));
  await expect(unpack(good, [file('a', 'hello')], { signal: aborting.signal })).rejects.toThrow('stop');
  expect(readdirSync(place.path).toSorted()).toEqual(['canary', 'x.tar.zst']);
});
