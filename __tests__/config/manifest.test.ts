import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseManifest } from '../../src/config/manifest.ts';
import { reasonFor } from '../refusals.ts';
import { changed, manifest } from './documents.ts';

const problemOf = (document: unknown): unknown =>
  reasonFor(() => parseManifest(typeof document === 'string' ? document : JSON.stringify(document)));

const invalid = (problem: string): object => ({
  code: 'manifest-invalid',
  details: { problem: expect.stringContaining(problem) }
});

describe('release.json', () => {
  test('is read as it was written', () => {
    expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
    const least = { ...manifest, previous: null, changes: [], files: [], images: [], process: {} };
    expect(parseManifest(JSON.stringify(least))).toEqual(least);
  });

  test.each([
    ['', 'it is no JSON'],
    ['null', 'it'],
    ['[]', 'it: must be a mapping'],
    ['{"schema":1}', 'is missing']
  ])('%j is refused', (text, problem) => {
    expect(problemOf(text)).toEqual(invalid(problem));
  });

  test('of another schema it is refused with both numbers', () => {
    expect(problemOf({ ...manifest, schema: 2, extra: 1 })).toEqual(
      invalid('it has schema 2, and this version reads schema 1')
    );
  });

  const WRONG: readonly (readonly [string, unknown])[] = [
    ['version', '1.4'],
    ['version', 'v1.4.2'],
    ['version', 142],
    ['tag', ''],
    ['commit', 'main'],
    ['commit', 'B'.repeat(40)],
    ['previous', undefined],
    ['created', '2026-11-24'],
    ['created', '2026-13-45T00:00:00Z'],
    ['changes.0.pull', -1],
    ['changes.0.subject', 'x'.repeat(10_001)],
    ['changes.0.body', 'x'],
    ['archive.name', '../archive.tar.zst'],
    ['archive.name', 'release.json'],
    ['archive.name', '.tar'],
    ...['con', 'a.', 'a.tar.zst.', 'a b.tar.zst', '.tar.zst', `${'a'.repeat(250)}.tar.zst`].map(
      (name) => ['archive.name', name] as const
    ),
    ['archive.size', 1.5],
    ['archive.sha256', 'A'.repeat(64)],
    ...['../x', '/etc/x', 'C:/x', 'a\\..\\x', 'a/../x', 'a//x', 'a/', 'a\nb', ''].map(
      (path) => ['files.0.path', path] as const
    ),
    ['files.0.path', 'deploy.sh'],
    ['files.0.mode', '040755'],
    ['files.0.size', -1],
    ['images.0.digest', 'sha256:1'],
    ['process', []],
    ['process.deploy.run', ' '],
    ['process.deploy.timeoutSeconds', 0],
    ['process.undeploy', {}],
    ['builder.run', 0],
    ['__proto__', { polluted: true }],
    ['constructor', { prototype: { polluted: true } }]
  ];

  test.each(WRONG)('%s = %j is refused', (path, value) => {
    expect(problemOf(changed(manifest, path, value))).toMatchObject({ code: 'manifest-invalid' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('the sentence names the place', () => {
    expect(problemOf(changed(manifest, 'files.0.path', '../x'))).toEqual(invalid('files.0.path: must be a clean path'));
    expect(problemOf(changed(manifest, 'files.0.path', 'deploy.sh'))).toEqual(invalid('it names a file twice'));
  });

  test('whatever the document, only refusals are thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(problemOf(text)).toMatchObject({ code: 'manifest-invalid' });
      })
    );
  });
});
