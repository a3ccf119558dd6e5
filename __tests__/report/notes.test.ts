import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/domain/change.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { versionOf } from '../../src/domain/version.ts';
import { releaseNotes } from '../../src/report/notes.ts';
import { COMMIT, CONTEXT, change } from './examples.ts';
import { aliveInDocument } from './strict-markdown.ts';

const manifest = (changes: readonly Change[], over: Partial<ReleaseManifest> = {}): ReleaseManifest => ({
  schema: 1,
  version: versionOf([1, 8, 0]),
  tag: 'v1.8.0',
  commit: COMMIT,
  previous: versionOf([1, 7, 2]),
  created: '2026-11-23T10:00:00Z',
  changes,
  archive: { name: 'shop-1.8.0.tar.zst', size: 1, sha256: 'cd'.repeat(32), tarSha256: 'ab'.repeat(32) },
  files: [],
  images: [{ name: 'ghcr.io/acme/shop', digest: `sha256:${'ef'.repeat(32)}` }],
  process: {},
  builder: { repository: 'acme/shop', run: 1, workflow: 'delivery' },
  ...over
});

const CHANGES = [
  change({ type: 'chore', subject: 'tidy' }),
  change({ type: 'perf', subject: 'faster search' }),
  change({ type: 'fix', subject: 'zip code' }),
  change({ type: 'feat', subject: 'free shipping' }),
  change({ type: 'fix', subject: 'orders need a customer', breaking: true })
];

describe('release notes', () => {
  test('breaking changes first, then what is new, fixed, faster; the rest folded', () => {
    const text = releaseNotes(manifest(CHANGES), 'en', CONTEXT);
    const parts = [
      '### Breaking changes',
      'orders need',
      '### New',
      'free shipping',
      '### Fixed',
      'zip code',
      '### Faster',
      'faster search',
      'Other changes (1)',
      'tidy'
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(text.split('orders need')).toHaveLength(2);
    expect(text).not.toContain('### Other');
  });

  test('say how many changes since which version, and by whom', () => {
    expect(releaseNotes(manifest(CHANGES), 'pt-BR', CONTEXT)).toMatch(
      /^5 mudanças de Ana Souza desde a \[1\.7\.2\]\(https:\/\/github\.com\/acme\/shop\/compare\/v1\.7\.2\.\.\.v1\.8\.0\)\./
    );
    expect(releaseNotes(manifest(CHANGES, { previous: null }), 'en', CONTEXT)).toMatch(
      /^First version: 5 changes by Ana Souza\./
    );
  });

  test('a tag with a folder in it keeps its address', () => {
    const text = releaseNotes(manifest(CHANGES, { tag: 'services/api@1.8.0' }), 'en', CONTEXT);
    expect(text).toContain('/compare/services/api%401.7.2...services/api%401.8.0)');
  });

  test('tell the digest and how to check it', () => {
    const text = releaseNotes(manifest(CHANGES), 'en', CONTEXT);
    expect(text).toContain(`\`sha256:${'ab'.repeat(32)}\``);
    expect(text).toContain(`\`ghcr.io/acme/shop@sha256:${'ef'.repeat(32)}\``);
    expect(text).toContain("zstd --decompress --stdout 'shop-1.8.0.tar.zst' | sha256sum");
  });

  test('print no command around a name that a shell could read', () => {
    const archive = { name: "x'; rm -rf ~ '", size: 1, sha256: 'a', tarSha256: 'b' };
    expect(releaseNotes(manifest(CHANGES, { archive }), 'en', CONTEXT)).not.toContain('rm -rf');
    expect(releaseNotes(manifest(CHANGES, { tag: "v1.8.0';x" }), 'en', CONTEXT)).not.toContain('gh release');
  });

  test('nobody is mentioned and nothing is closed by a commit message', () => {
    const evil = '@org/team fixes #1, GH-2, o/r#3 https://github.com/o/r/pull/4 <!-- `x` [a](b) $y$';
    const changes = ['feat', 'other'].map((type) => change({ type, subject: evil, author: evil, scope: evil }));
    const images = [{ name: evil, digest: evil }];
    expect(
      aliveInDocument(releaseNotes(manifest(changes, { images }), 'en', CONTEXT), ['https://github.com/acme/shop/'])
    ).toEqual([]);
  });

  test('stay under 125,000 characters: whole lines, closed folds, the rest counted and linked', () => {
    const changes = Array.from({ length: 10_000 }, (_, index) =>
      change({ type: index % 2 === 0 ? 'feat' : 'chore', subject: `change ${index}` })
    );
    const text = releaseNotes(manifest(changes), 'en', CONTEXT);
    expect(text.length).toBeLessThan(125_000);
    const items = text.split('\n').filter((line) => line.startsWith('- change '));
    expect(items.every((line) => line.endsWith(', Ana Souza)'))).toBe(true);
    expect(text).toContain(
      `${new Intl.NumberFormat('en').format(10_000 - items.length)} changes more did not fit here: [release.json](https://github.com/acme/shop/releases/download/v1.8.0/release.json)`
    );
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  });

  test('hold 5 MB subjects and changes of any kind within the limit', () => {
    const huge = '$'.repeat(5_000_000);
    const changes = Array.from({ length: 500 }, (_, index) =>
      change({ subject: huge, author: huge, type: index === 0 ? 'docs' : 'fix', breaking: index % 3 === 0 })
    );
    const images = Array.from({ length: 500 }, () => ({ name: huge, digest: huge }));
    expect(releaseNotes(manifest(changes, { images }), 'pt-BR', CONTEXT).length).toBeLessThan(125_000);
  });

  test('a version without changes still says so', () => {
    expect(releaseNotes(manifest([]), 'en', CONTEXT)).toMatch(/^0 changes since /);
  });
});
