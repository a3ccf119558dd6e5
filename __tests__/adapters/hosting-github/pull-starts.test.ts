import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { pullStartsQuery } from '../../../src/adapters/hosting-github/pull-starts.ts';
import type { PullStart } from '../../../src/domain/ledger.ts';
import { scenes, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { json } from './scripted-server.ts';
import type { Step } from './scripted-server.ts';

const REPOSITORY = { owner: 'acme', name: 'shop' };
const SHA = 'a'.repeat(40);
const MADE = '2024-05-01T08:00:00Z';
const FIRST = '2026-07-06T09:00:00Z';

const openScene = scenes();
const scene = (...steps: Step[]): Promise<Scene> => openScene(() => steps);

const pull = (authoredDate: unknown, oid: string | null = SHA): object => ({
  mergeCommit: oid === null ? null : { oid },
  commits: { nodes: authoredDate === undefined ? [] : [{ commit: { authoredDate } }] }
});

const failing = (type: string | undefined, ...path: (string | number)[]): object => ({
  ...(type === undefined ? {} : { type }),
  path: ['repository', ...path],
  message: 'no'
});

const graph = (fields: object, ...errors: object[]): Step =>
  json(200, { data: { repository: { createdAt: MADE, ...fields } }, ...(errors.length === 0 ? {} : { errors }) });

const first = { mergeCommit: SHA, firstCommitAt: '2026-07-06T09:00:00.000Z' };

describe('the query', () => {
  const schema = buildSchema(
    readFileSync(new URL('../../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'),
    { assumeValid: true }
  );

  test.each([1, 100])(
    'for %d pull requests is valid by the schema of GitHub, and names each as a variable',
    (count) => {
      const numbers = Array.from({ length: count }, (_, index) => 500 + index);
      const { query, variables } = pullStartsQuery(numbers, REPOSITORY);
      expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
      expect(Object.keys(variables)).toHaveLength(count + 2);
      expect(query).not.toContain('500');
    }
  );
});

describe('how pull requests began', () => {
  test('one call tells of them all', async () => {
    const { hosting, server } = await scene(graph({ pull0: pull(FIRST), pull1: pull(FIRST, null) }));
    expect(await hosting.pullStarts([7, 12])).toEqual({
      pulls: new Map<number, PullStart | null>([
        [7, first],
        [12, { ...first, mergeCommit: null }]
      ]),
      needs: null
    });
    expect(server.seen).toHaveLength(1);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ variables: { ...REPOSITORY, n0: 7, n1: 12 } });
  });

  test.each([
    ['no commit', undefined],
    ['no date', null],
    ['a date that is none', 'yesterday'],
    ['a number', 1_783_328_400],
    ['a clock that stood at its beginning', '1970-01-01T00:00:00Z'],
    ['a moment before the repository was made', '2024-05-01T07:59:59Z']
  ])('%s is no beginning, and spoils no other', async (_, date) => {
    const { hosting } = await scene(graph({ pull0: pull(date), pull1: pull(FIRST) }));
    expect((await hosting.pullStarts([7, 12])).pulls).toEqual(
      new Map<number, PullStart | null>([
        [7, { mergeCommit: SHA, firstCommitAt: null }],
        [12, first]
      ])
    );
  });

  test('the number of an issue, or of nothing, is no pull request; a gap in a list is no commit', async () => {
    const gap = { mergeCommit: { oid: SHA }, commits: { nodes: [null] } };
    const { hosting } = await scene(
      graph({ pull0: null, pull1: pull(FIRST), pull2: gap }, failing('NOT_FOUND', 'pull0'))
    );
    expect(await hosting.pullStarts([7, 12, 13])).toEqual({
      pulls: new Map<number, PullStart | null>([
        [7, null],
        [12, first],
        [13, { mergeCommit: SHA, firstCommitAt: null }]
      ]),
      needs: null
    });
  });

  test.each([
    ['FORBIDDEN', 'pull-requests: read'],
    ['SERVICE_UNAVAILABLE', null],
    [undefined, null]
  ])('one that fails (%s) is left out, for another time; the others are told', async (type, needs) => {
    const deep = failing(type, 'pull0', 'commits', 'nodes', 0, 'commit');
    const gap = { mergeCommit: { oid: SHA }, commits: { nodes: [null] } };
    const { hosting } = await scene(graph({ pull0: gap, pull1: pull(FIRST) }, deep));
    expect(await hosting.pullStarts([7, 12])).toEqual({
      pulls: new Map<number, PullStart | null>([[12, first]]),
      needs
    });
  });

  test('a token that may not see them is told what it lacks', async () => {
    const inside = await scene(
      graph({ pull0: null, pull1: null }, failing('FORBIDDEN', 'pull0'), failing('FORBIDDEN', 'pull1'))
    );
    const outside = await scene(json(403, { message: 'Resource not accessible by integration' }));
    for (const { hosting } of [inside, outside])
      expect(await hosting.pullStarts([7, 12])).toEqual({ pulls: new Map(), needs: 'pull-requests: read' });
  });

  test('numbers that no pull request can have are not asked for', async () => {
    const { hosting, server } = await scene(graph({ pull0: pull(FIRST) }));
    const [large, larger] = [2 ** 31, Number.MAX_SAFE_INTEGER];
    expect((await hosting.pullStarts([large, 7, larger])).pulls).toEqual(
      new Map<number, PullStart | null>([
        [7, first],
        [large, null],
        [larger, null]
      ])
    );
    expect((await hosting.pullStarts([large])).pulls).toEqual(new Map<number, PullStart | null>([[large, null]]));
    expect(server.seen).toHaveLength(1);
  });

  test('a limit in the answer is waited for, whatever it stands beside', async () => {
    const limited = graph({ pull0: null }, failing('RATE_LIMITED', 'pull0'));
    const { hosting, server } = await scene(limited, graph({ pull0: pull(FIRST) }));
    expect((await hosting.pullStarts([7])).pulls.get(7)).toEqual(first);
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['no data', { data: null }],
    ['a pull request of another shape', { data: { repository: { createdAt: MADE, pull0: { commits: 1 } } } }],
    [
      'an error of the whole',
      { data: { repository: { createdAt: MADE, pull0: null } }, errors: [{ message: 'Something went wrong' }] }
    ],
    ['HTML', '<html>']
  ])('%s is no answer', async (_, body) => {
    const { hosting } = await scene(...Array.from({ length: 10 }, () => json(200, body)));
    expect(await refusalOf(hosting.pullStarts([7]))).toMatchObject({ code: 'hosting-failed' });
  });
});
