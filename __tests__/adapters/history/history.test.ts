import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tagForm } from '../../../src/domain/version.ts';
import { startGitServer } from './git-server.ts';
import { type Graph, type Origin, checkout, git, randomGraph, writeOrigin } from './random-history.ts';
import { QUESTION, last, line, node, places, problemOf } from './places.ts';
import { childrenFirst, factsOf, reference } from './reference.ts';

const { root, scratch, fresh, historyIn, read, shallow: shallowOf } = places('history');

const detach = (origin: Origin, sha: string): void =>
  void git(origin.directory, ['update-ref', '--no-deref', 'HEAD', sha]);

describe('any checkout', () => {
  // the fuzz among the slow tests reads many more
  test('of a random history reads what the slow reference says', async () => {
    for (const seed of [1000]) {
      const graph = randomGraph(seed, { commits: 12, merges: 40, tagged: 20 });
      const origin = writeOrigin(fresh(), graph);
      for (const head of [11, 8, 5]) {
        detach(origin, origin.shas[head] ?? '');
        const answer = await read(origin.directory);
        expect([seed, factsOf(answer)]).toEqual([seed, reference(graph, origin, { head })]);
        expect(childrenFirst(answer)).toBe(true);
      }
      const shallow = shallowOf(origin);
      expect([seed, factsOf(await read(shallow))]).toEqual([seed, reference(graph, origin, { head: 11 })]);
    }
  }, 30_000);

  test.each([
    ['depth 1', 1, false],
    ['depth 1 with tags', 1, true],
    ['depth 20 with tags', 20, true]
  ])('sees all 50 commits since the tag: %s', async (_, depth, tags) => {
    const origin = writeOrigin(fresh(), line(60, { 'v0.2.0': 3, 'v0.3.0': 9 }));
    const answer = await read(checkout(origin, last(origin), { into: fresh(), depth, tags }));
    expect(answer.base).toMatchObject({ version: '0.3.0', commit: origin.shas[9] });
    expect(answer.commits).toHaveLength(50);
    expect(answer.commits[0]).toEqual({
      sha: last(origin),
      parents: [origin.shas[58]],
      date: new Date(1_700_000_059_000).toISOString(),
      author: 'Ana',
      message: 'fix: 59\n'
    });
  });

  test('knows when a commit was written that a rebase made anew', async () => {
    const origin = writeOrigin(fresh(), line(3, { 'v0.2.0': 1 }));
    const tree = git(origin.directory, ['rev-parse', `${last(origin)}^{tree}`]).trim();
    const who = 'Ana <ana@example.com>';
    const rebased = [
      `tree ${tree}`,
      `parent ${last(origin)}`,
      `author ${who} 1700000000 +0000`,
      `committer ${who} 1700000900 -0300`,
      '',
      'fix: rebased',
      ''
    ].join('\n');
    const made = git(origin.directory, ['hash-object', '-t', 'commit', '-w', '--stdin'], rebased).trim();
    git(origin.directory, ['update-ref', 'refs/heads/main', made]);
    const answer = await read(checkout({ ...origin, shas: [...origin.shas, made] }, made, { into: fresh(), depth: 1 }));
    expect(answer.commits[0]).toMatchObject({
      sha: made,
      date: new Date(1_700_000_900_000).toISOString(),
      authored: new Date(1_700_000_000_000).toISOString()
    });
    expect(answer.commits[1]).not.toHaveProperty('authored');
  });

  test('stays as it was', async () => {
    const origin = writeOrigin(fresh(), randomGraph(7, { commits: 30, merges: 50, tagged: 10 }));
    const shallow = shallowOf(origin);
    const print = (): string => {
      const files = readdirSync(shallow, { recursive: true, encoding: 'utf8' }).toSorted();
      const hash = createHash('sha256');
      for (const file of files.filter((name) => statSync(join(shallow, name)).isFile()))
        hash.update(file).update(readFileSync(join(shallow, file)));
      return hash.digest('hex');
    };
    const before = print();
    await read(shallow);
    expect(print()).toBe(before);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('of a repository with SHA-256 names', async () => {
    const graph = randomGraph(3, { commits: 14, merges: 40, tagged: 20 });
    const origin = writeOrigin(fresh(), graph, 'sha256');
    const shallow = shallowOf(origin);
    expect(factsOf(await read(shallow))).toEqual(reference(graph, origin, { head: 13 }));
  });

  test('with one commit and no tags asks the remote before it says that there is no version', async () => {
    const origin = writeOrigin(fresh(), line(1, { 'v0.1.0': 0 }));
    const only = shallowOf(origin);
    expect((await read(only)).onHead).toEqual(['0.1.0']);
    const untagged = writeOrigin(fresh(), line(1, {}));
    const first = await read(shallowOf(untagged));
    expect(first).toMatchObject({ onHead: [], newer: [], commits: [{ sha: last(untagged) }] });
    expect(first.base).toBeUndefined();
  });

  test('whose head is behind newer versions knows that they contain it', async () => {
    const origin = writeOrigin(fresh(), line(9, { 'v0.9.0': 0, 'v1.0.0': 1, 'v1.1.0': 5, 'v1.2.0': 8 }));
    const expected = {
      base: { version: '1.0.0' },
      newer: [
        { version: '1.2.0', containsHead: true },
        { version: '1.1.0', containsHead: true }
      ]
    };
    expect(await read(checkout(origin, origin.shas[3] ?? '', { into: fresh(), depth: 1 }))).toMatchObject(expected);
    detach(origin, origin.shas[3] ?? '');
    expect(await read(origin.directory)).toMatchObject(expected);
  });

  test('skips more unmerged versions than are asked about one by one', async () => {
    const nodes = [node('a\n', []), node('b\n', [0], 1), node('side\n', [0], 2), node('head\n', [1], 3)];
    const stray = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`v2.0.${index}`, 2]));
    const graph: Graph = {
      nodes,
      tags: new Map(Object.entries({ 'v1.0.0': 1, ...stray })),
      annotated: new Set(['v2.0.3'])
    };
    const origin = writeOrigin(fresh(), graph);
    detach(origin, last(origin));
    for (const place of [origin.directory, shallowOf(origin)])
      expect(factsOf(await read(place))).toEqual(reference(graph, origin, { head: 3 }));
  });
});

describe('tags', () => {
  test('that are no versions are ignored', async () => {
    const origin = writeOrigin(
      fresh(),
      line(4, { 'v1.0.0': 0, 'v1.1.0-rc.1': 1, vNaN: 1, 'v1.2.0-': 1, 'v01.2.0': 1, 'api-v3.0.0': 1, '2.0.0': 2 })
    );
    detach(origin, last(origin));
    expect((await read(origin.directory)).base?.tag).toBe('v1.0.0');
    const api = await historyIn(origin.directory).read({ ...QUESTION, form: tagForm('api-v{version}') });
    expect(api.base).toEqual({ version: '3.0.0', tag: 'api-v3.0.0', commit: origin.shas[1] });
    const none = await historyIn(origin.directory).read({ ...QUESTION, accepts: () => false });
    expect(none.base).toBeUndefined();
  });

  test('on something that is no commit keep their number and are never merged', async () => {
    const origin = writeOrigin(fresh(), line(3, { 'v1.0.0': 0 }));
    const blob = git(origin.directory, ['hash-object', '-w', '--stdin'], 'x').trim();
    git(origin.directory, ['tag', 'v7.0.0', blob]);
    detach(origin, last(origin));
    for (const place of [origin.directory, shallowOf(origin)])
      expect(await read(place)).toMatchObject({
        base: { version: '1.0.0' },
        newer: [{ version: '7.0.0', containsHead: false }]
      });
  });

  test('and a branch of the same name do not get mixed up', async () => {
    const origin = writeOrigin(fresh(), line(6, { 'v1.0.0': 2 }));
    git(origin.directory, ['update-ref', 'refs/heads/v1.0.0', last(origin)]);
    const shallow = shallowOf(origin);
    expect((await read(shallow)).commits).toHaveLength(3);
  });
});

describe('over HTTP', () => {
  test('the answers are the same, and the token goes to its own server only', async () => {
    const graph = randomGraph(11, { commits: 10, merges: 40, tagged: 15 });
    const directory = fresh();
    const origin = writeOrigin(directory, graph);
    const server = await startGitServer(root);
    try {
      const shallow = shallowOf(origin);
      git(shallow, ['config', 'remote.origin.url', `${server.url}${directory.slice(root.length)}`]);
      const answer = await read(shallow, { serverUrl: server.url, token: 'secret' });
      expect(factsOf(answer)).toEqual(reference(graph, origin, { head: 9 }));
      const basic = `basic ${Buffer.from('x-access-token:secret').toString('base64')}`;
      expect(new Set(server.authorizations)).toEqual(new Set([basic]));
      server.authorizations.length = 0;
      await read(shallow, { token: 'secret' });
      expect(new Set(server.authorizations)).toEqual(new Set([undefined]));
    } finally {
      await server.close();
    }
  });

  test('a server that never answers is given up', async () => {
    const origin = writeOrigin(fresh(), line(3, { 'v1.0.0': 0 }));
    const shallow = shallowOf(origin);
    const server = await startGitServer(root, true);
    try {
      git(shallow, ['config', 'remote.origin.url', `${server.url}/x`]);
      expect(await problemOf(read(shallow, { networkSeconds: 0.3 }))).toContain('took longer than 0.3 s');
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      expect(await problemOf(read(shallow, { signal: controller.signal }))).toContain('"cancelled"');
    } finally {
      await server.close();
    }
  });
});

describe('refusals', () => {
  test('no repository, no commit, a shallow checkout without a remote, and one that nobody answers', async () => {
    const [nothing, empty] = [fresh(), fresh()];
    mkdirSync(nothing);
    git(root, ['init', '--quiet', empty]);
    expect(await problemOf(read(nothing))).toContain('not a git repository');
    expect(await problemOf(read(empty))).toContain('no commit yet');
    const origin = writeOrigin(fresh(), line(3, { 'v1.0.0': 0 }));
    const shallow = shallowOf(origin);
    git(shallow, ['config', 'remote.origin.url', join(root, 'gone')]);
    expect(await problemOf(read(shallow))).toMatch(/could not be listed.*fetch-depth: 0/);
    git(shallow, ['config', '--unset', 'remote.origin.url']);
    expect(await problemOf(read(shallow))).toMatch(/no remote.*fetch-depth: 0/);
  });

  test('a head that the remote does not have', async () => {
    const origin = writeOrigin(fresh(), line(3, { 'v1.0.0': 0 }));
    const shallow = shallowOf(origin);
    const tree = git(shallow, ['rev-parse', 'HEAD^{tree}']).trim();
    const mine = git(shallow, ['commit-tree', tree, '-p', 'HEAD', '-m', 'mine']).trim();
    git(shallow, ['update-ref', '--no-deref', 'HEAD', mine]);
    expect(await problemOf(read(shallow))).toContain('could not be fetched');
  });

  test('a list of tags that is not whole', async () => {
    const origin = writeOrigin(fresh(), line(3, { 'v1.0.0': 0 }));
    detach(origin, last(origin));
    writeFileSync(join(origin.directory, 'packed-refs'), `${'1'.repeat(40)} refs/tags/v2.0.0\n`);
    expect(await problemOf(read(origin.directory))).toContain('the tags could not be listed');
  });

  test('git that is not there', async () => {
    expect(await problemOf(read(root, { environment: { PATH: root } }))).toContain('could not be started');
  });
});

describe('messages', () => {
  test('of any kind come as they are, cut in the middle when they are huge', async () => {
    const directory = fresh();
    mkdirSync(directory);
    git(directory, ['init', '--quiet', '--bare', '--initial-branch=main']);
    const tree = git(directory, ['hash-object', '-t', 'tree', '-w', '--stdin']).trim();
    const commit = (message: string): string =>
      git(
        directory,
        ['hash-object', '-t', 'commit', '-w', '--stdin'],
        `tree ${tree}\nauthor A <a> 1 +0000\ncommitter A <a> 99999999999999 +0000\n\n${message}`
      ).trim();
    const huge = `feat: a\n\n${'x\n'.repeat(1_000_000)}\nRelease-As: 3.0.0\n`;
    const messages = ['', 'feat: a\r\n\r\nb\r\n', '\u001b]0;x\u0007::add-mask::1', huge];
    const got: string[] = [];
    for (const message of messages) {
      git(directory, ['update-ref', '--no-deref', 'HEAD', commit(message)]);
      const [only] = (await read(directory)).commits;
      got.push(only?.message.trimEnd() ?? 'none');
    }
    expect(got.slice(0, 3)).toEqual(messages.slice(0, 3).map((message) => message.trimEnd()));
    expect(got[3]).toMatch(/^feat: a\n\nx[^]*Release-As: 3\.0\.0$/);
    expect(got[3]?.length).toBeLessThan(70_000);
  });
});

test('tracked files are listed in bytewise order, without submodules', async () => {
  const graph: Graph = {
    nodes: [
      {
        ...node('a\n', []),
        files: new Map([
          ['b/é x', '1'],
          ['b.txt', '1'],
          ['B', '1'],
          ['b/a', '1']
        ])
      }
    ],
    tags: new Map(),
    annotated: new Set()
  };
  const origin = writeOrigin(fresh(), graph);
  git(
    origin.directory,
    ['fast-import', '--quiet', '--force'],
    `commit refs/heads/x\ncommitter A <a> 1 +0000\ndata 1\nx\nfrom ${last(origin)}\nM 160000 ${last(origin)} c/sub\n`
  );
  git(origin.directory, ['symbolic-ref', 'HEAD', 'refs/heads/x']);
  expect(await historyIn(origin.directory).tracked()).toEqual(['B', 'b.txt', 'b/a', 'b/é x']);
});
