import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { previewQuery } from '../../../src/adapters/hosting-github/previews.ts';
import type { PreviewPayload } from '../../../src/domain/preview.ts';
import { refusalOf, scenes } from './scene.ts';
import type { Scene } from './scene.ts';
import { json } from './scripted-server.ts';
import type { Step } from './scripted-server.ts';

const SHA = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);

const PAYLOAD: PreviewPayload = {
  schema: 1,
  pull: 12,
  kind: 'up',
  requestedBy: 'ana',
  expires: '2026-11-27T12:00:00.000Z',
  run: { id: 7, attempt: 1, url: 'https://github.test/runs/7' }
};

const openScene = scenes();
const scene = (...steps: Step[]): Promise<Scene> => openScene(() => steps);

const record = (changes: object = {}): object => ({
  id: 'DE_11',
  databaseId: 11,
  environment: 'preview',
  commitOid: SHA,
  task: 'preview',
  payload: JSON.stringify(JSON.stringify(PAYLOAD)),
  state: 'ACTIVE',
  createdAt: '2026-11-23T12:00:00Z',
  statuses: { nodes: [{ state: 'SUCCESS', createdAt: '2026-11-23T12:02:00Z', environmentUrl: 'https://pr-12.test' }] },
  ...changes
});

const pull = (changes: object = {}): object => ({
  number: 12,
  state: 'OPEN',
  headRefOid: HEAD,
  isCrossRepository: false,
  ...changes
});

const graph = (nodes: readonly object[], fields: object = {}, { next = null, errors = [] }: Rest = {}): Step =>
  json(200, {
    data: {
      repository: { envs: { pageInfo: { hasNextPage: next !== null, endCursor: next }, nodes }, ...fields }
    },
    ...(errors.length === 0 ? {} : { errors })
  });

interface Rest {
  readonly next?: string | null;
  readonly errors?: readonly object[];
}

const failing = (type: string, ...path: (string | number)[]): object => ({
  type,
  path: ['repository', ...path],
  message: 'no'
});

describe('the query', () => {
  const schema = buildSchema(
    readFileSync(new URL('../../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'),
    { assumeValid: true }
  );

  test.each([0, 1, 100])('for %d pull requests is valid by the schema of GitHub, without a value in it', (count) => {
    const pulls = Array.from({ length: count }, (_, index) => 500 + index);
    const { query, variables } = previewQuery(
      { pulls, after: { cursor: 'here', page: 2 } },
      { owner: 'acme', name: 'shop' }
    );
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
    expect(Object.keys(variables)).toHaveLength(count + 4);
    expect(query).not.toMatch(/500|here|acme/);
  });
});

describe('what GitHub knows of previews', () => {
  test('one call tells the records and the pull requests', async () => {
    const { hosting, server } = await scene(
      graph([record()], { pull0: pull(), pull1: pull({ number: 13, state: 'MERGED' }) })
    );
    expect(await hosting.previewFacts({ pulls: [12, 13] })).toEqual({
      records: [
        {
          id: 11,
          commit: SHA,
          state: 'success',
          createdAt: '2026-11-23T12:00:00.000Z',
          url: 'https://pr-12.test',
          payload: PAYLOAD
        }
      ],
      pulls: new Map([
        [12, { number: 12, open: true, head: HEAD, fork: false }],
        [13, { number: 13, open: false, head: HEAD, fork: false }]
      ]),
      next: null
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    ['a deployment of another task', { task: 'deploy' }],
    ['one of another environment', { environment: 'production' }],
    ['a payload that is no preview', { payload: '{"schema":1}' }],
    ['a payload that is a list', { payload: '[]' }],
    ['no payload', { payload: null }],
    ['the number of no pull request', { payload: JSON.stringify({ ...PAYLOAD, pull: 2 ** 31 }) }],
    ['a payload of another schema', { payload: JSON.stringify({ ...PAYLOAD, schema: 2 }) }],
    ['a moment that is none', { payload: JSON.stringify({ ...PAYLOAD, expires: 'tomorrow' }) }],
    [
      'an address that is a script',
      { payload: JSON.stringify({ ...PAYLOAD, run: { ...PAYLOAD.run, url: 'javascript:x' } }) }
    ]
  ])('%s is passed over', async (_, changes) => {
    const { hosting } = await scene(graph([record(changes), record({ id: 'DE_12', databaseId: 12 })]));
    expect((await hosting.previewFacts({ pulls: [] })).records.map(({ id }) => id)).toEqual([12]);
  });

  test('the next page begins where this one ended', async () => {
    const { hosting, server } = await scene(graph([record()], {}, { next: 'abc' }), graph([]));
    const { next } = await hosting.previewFacts({ pulls: [] });
    expect(next).toEqual({ cursor: 'abc', page: 2 });
    if (next !== null) await hosting.previewFacts({ pulls: [], after: next });
    expect(JSON.parse(server.seen[1]?.body ?? '')).toMatchObject({ variables: { after: 'abc' } });
  });

  test('a pull request that does not exist is none, and spoils nothing', async () => {
    const errors = [failing('NOT_FOUND', 'pull0')];
    const { hosting } = await scene(graph([record()], { pull0: null, pull1: pull({ number: 13 }) }, { errors }));
    const { pulls, records } = await hosting.previewFacts({ pulls: [12, 13] });
    expect(pulls.get(12)).toBeNull();
    expect(pulls.get(13)).toMatchObject({ open: true });
    expect(records).toHaveLength(1);
  });

  test('a token that may not read pull requests is told which permission it lacks', async () => {
    const errors = [failing('FORBIDDEN', 'pull0')];
    const { hosting } = await scene(graph([record()], { pull0: null }, { errors }));
    expect(await refusalOf(hosting.previewFacts({ pulls: [12] }))).toMatchObject({
      code: 'permission-missing',
      details: { permission: 'pull-requests: read' }
    });
  });

  test('a token that may not read deployments, too', async () => {
    const { hosting } = await scene(graph([], {}, { errors: [failing('FORBIDDEN', 'envs')] }));
    expect(await refusalOf(hosting.previewFacts({ pulls: [] }))).toMatchObject({
      code: 'permission-missing',
      details: { permission: 'deployments: read' }
    });
  });

  test.each([
    ['a state nobody knows', pull({ state: 'DRAFT' })],
    ['no commit', pull({ headRefOid: 'HEAD' })],
    ['no answer', undefined]
  ])('%s in a pull request is no answer', async (_, answered) => {
    const again = graph([record()], answered === undefined ? {} : { pull0: answered });
    const { hosting } = await scene(...Array.from({ length: 10 }, () => again));
    expect(await refusalOf(hosting.previewFacts({ pulls: [12] }))).toMatchObject({ code: 'hosting-failed' });
  });

  test('numbers that GraphQL cannot tell come from the other list, once, and only for what still stands', async () => {
    const errors = [failing('INVALID', 'envs', 'nodes', 0, 'databaseId')];
    const [stands, over] = [record({ databaseId: null }), record({ id: 'DE_9', databaseId: null, state: 'DESTROYED' })];
    const page = graph([stands, over], {}, { errors });
    const list = json(200, [{ id: 3_000_000_000, node_id: 'DE_11' }]);
    const { hosting, server } = await scene(page, list, page);
    for (let look = 1; look <= 2; look += 1) {
      expect((await hosting.previewFacts({ pulls: [] })).records.map(({ id }) => id)).toEqual([3_000_000_000]);
    }
    expect(server.seen.map(({ path }) => path.split('?')[1] ?? '')).toEqual([
      '',
      expect.stringMatching(/environment=preview&task=preview&per_page=100$/),
      ''
    ]);
  });
});

describe('a new record', () => {
  const wanted = { commit: SHA, description: 'Make pr-12', payload: PAYLOAD };

  test('is transient, in the environment of all previews, at the head of the pull request', async () => {
    const { hosting, server } = await scene(json(201, { id: 21, sha: SHA, node_id: 'DE_21' }));
    expect(await hosting.createPreviewRecord(wanted)).toBe(21);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      ref: SHA,
      task: 'preview',
      auto_merge: false,
      required_contexts: [],
      environment: 'preview',
      production_environment: false,
      transient_environment: true,
      description: 'Make pr-12',
      payload: PAYLOAD
    });
  });

  test('whose answer got lost is looked for among those of the same run, pull request and act', async () => {
    const twin = (id: number, changes: object): object => ({
      id,
      sha: SHA,
      node_id: `DE_${id}`,
      task: 'preview',
      payload: { ...PAYLOAD, ...changes }
    });
    const others = [
      twin(30, { pull: 13 }),
      twin(29, { kind: 'down' }),
      twin(28, { run: { ...PAYLOAD.run, attempt: 2 } })
    ];
    const found = json(200, [...others, twin(27, {})]);
    const { hosting, server } = await scene(json(502, {}), found, found);
    expect(await hosting.createPreviewRecord(wanted)).toBe(27);
    expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
