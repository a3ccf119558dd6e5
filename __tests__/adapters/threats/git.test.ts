import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { HistoryAnswer } from '../../../src/domain/history.ts';
import { shown } from '../../threats/shown.ts';
import { last, line, places, problemOf } from '../history/places.ts';
import { checkout, git, writeOrigin } from '../history/random-history.ts';
import type { Origin } from '../history/random-history.ts';

const { root, scratch, fresh, read, shallow: shallowOf } = places('threats-git');

const LENGTH = 4;

/** Refs that git's porcelain would not make, but that a server may have. */
const withRefs = (origin: Origin, refs: readonly string[], at: string): void => {
  const packed = refs.map((ref) => `${at} ${ref}\n`).join('');
  writeFileSync(join(origin.directory, 'packed-refs'), `# pack-refs with: sorted\n${packed}`, { flag: 'a' });
};

const REFS = shown('ref', [
  { row: 1, ref: 'refs/heads/zzz";echo${IFS}"x";#' },
  { row: 2, ref: 'refs/heads/$(touch${IFS}canary)' },
  { row: 3, ref: 'refs/tags/`touch${IFS}canary`' },
  { row: 4, ref: 'refs/heads/{touch,canary}${IFS}|bash' },
  { row: 7, ref: 'refs/heads/--upload-pack=touch${IFS}canary' },
  { row: 7, ref: 'refs/tags/--upload-pack=touch${IFS}canary' },
  { row: 8, ref: 'refs/heads/-x' },
  { row: 10, ref: `refs/heads/${'a'.repeat(40)}` },
  { row: 10, ref: `refs/tags/${'0'.repeat(40)}` },
  { row: 11, ref: 'refs/heads/v9.0.0' },
  { row: 11, ref: 'refs/v9.0.0' },
  { row: 12, ref: 'refs/heads/HEAD' },
  { row: 12, ref: 'refs/tags/HEAD' },
  { row: 13, ref: 'refs/heads/@' },
  { row: 14, ref: 'refs/heads/refs/heads/main' },
  { row: 14, ref: 'refs/tags/refs/tags/v9.0.0' },
  { row: 20, ref: 'refs/heads/__proto__' },
  { row: 33, ref: 'refs/tags/v9.0.0-' },
  { row: 33, ref: 'refs/tags/vNaN' },
  { row: 33, ref: 'refs/tags/v9.0' }
]);

describe('refs that mean harm', () => {
  let served = '';
  let answers: readonly HistoryAnswer[] = [];
  beforeAll(async () => {
    const origin = writeOrigin(fresh(), line(LENGTH, { 'v1.0.0': 1 }));
    const untouched = await read(shallowOf(origin));
    withRefs(origin, REFS.map(({ ref }) => ref).toSorted(), origin.shas[0] ?? '');
    const shallow = await read(shallowOf(origin));
    git(origin.directory, ['update-ref', '--no-deref', 'HEAD', last(origin)]);
    served = git(origin.directory, ['ls-remote', origin.directory]);
    answers = [untouched, shallow, await read(origin.directory)];
  });

  test.each(REFS)('row $row: $shown changes nothing of what is read', ({ ref }) => {
    expect(served.split('\n').map((each) => each.split('\t')[1])).toContain(ref);
    const [untouched, ...others] = answers;
    expect(untouched).toMatchObject({ base: { version: '1.0.0' }, commits: { length: LENGTH - 2 } });
    expect(others).toEqual([untouched, untouched]);
  });

  test('and nothing in their names runs', () => {
    expect([existsSync('canary'), existsSync(join(root, 'canary'))]).toEqual([false, false]);
    expect(readdirSync(root, { recursive: true }).filter((name) => String(name).endsWith('canary'))).toEqual([]);
  });

  test('row 33: among 10,000 tags that are no versions, the versions are found', async () => {
    const cases = [{ row: 33, tags: 10_000 }];
    for (const { tags } of cases) {
      const origin = writeOrigin(fresh(), line(LENGTH, { 'v1.0.0': 1 }));
      const kinds = ['v1.0.0-', 'vNaN', 'nightly-', 'v1.2', 'release/v1.1.'];
      const refs = Array.from({ length: tags }, (_, n) => `refs/tags/${kinds[n % kinds.length]}${n}x`).toSorted();
      withRefs(origin, [...refs, 'refs/tags/v1.1.0'], origin.shas[2] ?? '');
      expect(await read(shallowOf(origin))).toMatchObject({ base: { version: '1.1.0' }, commits: { length: 1 } });
    }
  });
});

describe('checkouts of every kind', () => {
  test.each([
    { row: 79, kind: 'a shallow one', hash: 'sha1', depth: 1 },
    { row: 79, kind: 'a whole one with a detached head', hash: 'sha1', depth: LENGTH },
    { row: 79, kind: 'one of a repository with SHA-256', hash: 'sha256', depth: 1 }
  ] as const)('row $row: $kind is read right', async ({ hash, depth }) => {
    const origin = writeOrigin(fresh(), line(LENGTH, { 'v1.0.0': 1 }), hash);
    const workspace = checkout(origin, last(origin), { into: fresh(), depth });
    expect(await read(workspace)).toMatchObject({
      head: { sha: last(origin) },
      base: { version: '1.0.0', commit: origin.shas[1] },
      commits: { length: 2 }
    });
  });

  test.each([
    { row: 79, kind: 'without any tag', tags: {}, versions: [] },
    { row: 79, kind: 'of a history the tags do not belong to', tags: { 'v5.0.0': 4 }, versions: ['5.0.0'] }
  ])('row $row: one $kind starts anew', async ({ tags, versions }) => {
    const graph = line(LENGTH, tags);
    const stranger = { parents: [], when: 1_700_000_100, files: new Map([['b.txt', 'b']]), message: 'other\n' };
    const origin = writeOrigin(fresh(), { ...graph, nodes: [...graph.nodes, stranger] });
    const workspace = checkout(origin, origin.shas[LENGTH - 1] ?? '', { into: fresh(), depth: 1 });
    const answer = await read(workspace);
    expect(answer.base).toBeUndefined();
    expect(answer.newer.map(({ version }) => String(version))).toEqual(versions);
    expect(answer.commits).toHaveLength(LENGTH);
  });

  test.each([
    { row: 79, kind: 'no repository', make: (): string => mkdirAt(fresh()) },
    { row: 79, kind: 'a repository without a commit', make: (): string => initAt(fresh()) },
    { row: 79, kind: 'a shallow checkout whose remote is gone', make: (): string => orphaned() }
  ])('row $row: $kind is refused with advice', async ({ make }) => {
    expect(await problemOf(read(make()))).toContain('history-unknown');
    expect(readdirSync(scratch)).toEqual([]);
  });
});

const mkdirAt = (directory: string): string => {
  mkdirSync(directory, { recursive: true });
  return directory;
};

const initAt = (directory: string): string => {
  git(mkdirAt(directory), ['init', '--quiet', '--template=', '--initial-branch=main']);
  return directory;
};

const orphaned = (): string => {
  const origin = writeOrigin(fresh(), line(LENGTH, { 'v1.0.0': 1 }));
  const workspace = shallowOf(origin);
  rmSync(origin.directory, { recursive: true });
  return workspace;
};
