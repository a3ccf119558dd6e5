import { describe, expect, test } from '@jest/globals';
import { array, asyncProperty, assert, boolean, integer, oneof, stringMatching } from 'fast-check';
import { createTarReader } from '../../../src/adapters/archive/tar-reader.ts';
import { BLOCK, encodeHeader, type TarEntry } from '../../../src/adapters/archive/ustar.ts';

const read = (bytes: Buffer, piece = bytes.length): Promise<TarEntry | undefined> => {
  // oxlint-disable-next-line typescript/require-await
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  return createTarReader(pieces()).next();
};

const file = (path: string, size = 0): TarEntry => ({ path, kind: 'file', size, executable: false, target: '' });

describe('a header', () => {
  const name = stringMatching(/^[a-zé日\u{1f600}][a-z0-9._é -]{0,80}$/u);
  const path = array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  const size = oneof(integer({ min: 0, max: 2 ** 30 }), integer({ min: 8 ** 11 - 2, max: 8 ** 11 + 2 }));

  test('says to the reader what it was told, however it is cut into pieces', async () => {
    await assert(
      asyncProperty(path, size, oneof(path, boolean()), async (where, bytes, extra) => {
        const entry: TarEntry =
          typeof extra === 'string'
            ? { path: where, kind: 'link', size: 0, executable: false, target: extra }
            : { path: where, kind: 'file', size: bytes, executable: extra, target: '' };
        const header = encodeHeader(entry, 1_700_000_000);
        const wanted = entry.kind === 'link' ? { ...entry, executable: true } : entry;
        expect(await read(header)).toEqual(wanted);
        expect(await read(header, 100)).toEqual(wanted);
      }),
      { numRuns: 60 }
    );
  });

  test.each([
    ['a short name', file('a'), 1],
    ['a name of 100 bytes', file('a'.repeat(100)), 1],
    ['a name that two fields hold', file(`${'a'.repeat(155)}/${'b'.repeat(100)}`), 1],
    ['a name that they do not', file(`${'a'.repeat(156)}/${'b'.repeat(100)}`), 3],
    ['a name beyond ASCII', file('é'), 3],
    ['the largest size of the field', file('a', 8 ** 11 - 1), 1],
    ['one byte more', file('a', 8 ** 11), 3]
  ])('%s takes no more blocks than it needs', (_, entry, blocks) => {
    expect(encodeHeader(entry, 0).length).toBe(blocks * BLOCK);
  });
});
