import { buildSchema, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { factsQuery } from '../../../src/adapters/hosting-github/facts-query.ts';
import { tagMessage } from '../../../src/domain/tag-message.ts';
import { payload, version } from './new-record.ts';
import { scenes, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { json } from './scripted-server.ts';
import type { Step } from './scripted-server.ts';

const commit = 'c'.repeat(40);
const status = (state: string, minute: number, environmentUrl: string | null = null): object => ({
  state,
  createdAt: `2026-11-23T12:0${minute}:00Z`,
  environmentUrl
});

const record = (changes: object = {}): object => ({
  id: 'DE_11',
  databaseId: 11,
  environment: 'Staging',
  commitOid: commit,
  task: 'deploy',
  payload: JSON.stringify(JSON.stringify(payload)),
  state: 'ACTIVE',
  createdAt: '2026-11-23T12:00:00Z',
  statuses: { nodes: [status('SUCCESS', 2, 'https://staging.test'), status('IN_PROGRESS', 1)] },
  ...changes
});

const note = { manifestSha256: 'a'.repeat(64), tarSha256: 'b'.repeat(64), changes: 3 };
const release = (changes: object = {}): object => ({
  databaseId: 21,
  tagName: 'v1.4.2',
  isDraft: false,
  isPrerelease: true,
  url: 'https://github.test/acme/shop/releases/v1.4.2',
  tagCommit: { oid: commit },
  tag: { target: { __typename: 'Tag', message: tagMessage(version('1.4.2'), note) } },
  ...changes
});

const answer = (fields: object = {}): object => ({
  env0: { nodes: [record()] },
  releases: { nodes: [release()] },
  stops: { nodes: [] },
  ...fields
});

const graph = (fields: object = {}, errors?: object[]): Step =>
  json(200, { data: { repository: answer(fields) }, ...(errors === undefined ? {} : { errors }) });

const openScene = scenes();
const scene = (...steps: Step[]): Promise<Scene> => openScene(() => steps);

const question = { environments: ['Staging'] };

describe('the query', () => {
  const schema = buildSchema(
    readFileSync(new URL('../../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'),
    { assumeValid: true }
  );

  test.each([
    [{ environments: ['staging', 'production'], tag: 'v1.4.2' }],
    [{ environments: ['staging'] }],
    [{ environments: [] }]
  ])('is valid by the schema of GitHub: %j', (asked) => {
    const { query } = factsQuery(asked, { owner: 'acme', name: 'shop' });
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
  });

  test('carries names as variables, whatever they hold', () => {
    const hostile = '"]) { x } #';
    const { query, variables } = factsQuery({ environments: [hostile], tag: hostile }, { owner: 'acme', name: 'shop' });
    expect(query).not.toContain(hostile);
    expect(variables).toEqual({ owner: 'acme', name: 'shop', env0: hostile, tag: hostile });
  });
});

describe('facts', () => {
  test('one call tells records, releases and stops in our words', async () => {
    const stop = {
      number: 4,
      url: 'https://github.test/acme/shop/issues/4',
      title: 'Broken',
      createdAt: '2026-11-23T11:00:00Z',
      author: null
    };
    const { hosting, server } = await scene(graph({ stops: { nodes: [stop] } }));
    expect(await hosting.facts(question)).toEqual({
      records: new Map([
        [
          'staging',
          [
            {
              id: 11,
              environment: 'Staging',
              commit,
              state: 'success',
              createdAt: '2026-11-23T12:00:00.000Z',
              startedAt: '2026-11-23T12:01:00.000Z',
              succeededAt: '2026-11-23T12:02:00.000Z',
              url: 'https://staging.test',
              payload
            }
          ]
        ]
      ]),
      releases: [
        {
          id: 21,
          tag: 'v1.4.2',
          commit,
          prerelease: true,
          url: 'https://github.test/acme/shop/releases/v1.4.2',
          note
        }
      ],
      stops: [{ ...stop, createdAt: '2026-11-23T11:00:00.000Z', author: 'ghost' }]
    });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/graphql' });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      query: expect.any(String),
      variables: { owner: 'acme', name: 'shop', env0: 'Staging' }
    });
  });

  test.each([
    ['another task', { task: 'deploy:migrations' }],
    ['a payload that is not ours', { payload: JSON.stringify({ by: 'another tool' }) }],
    ['no payload', { payload: null }],
    ['another environment', { environment: 'production' }]
  ])('a deployment with %s is not ours', async (_, changes) => {
    const { hosting } = await scene(graph({ env0: { nodes: [record(changes), null] } }));
    expect((await hosting.facts(question)).records.get('staging')).toEqual([]);
  });

  test.each([
    ['ACTIVE', [], 'success'],
    ['INACTIVE', [], 'inactive'],
    ['DESTROYED', [], 'inactive'],
    ['FAILURE', [], 'failure'],
    ['ERROR', [], 'error'],
    ['QUEUED', [], 'queued'],
    ['IN_PROGRESS', [], 'in_progress'],
    ['PENDING', [], 'pending'],
    ['WAITING', [], 'pending'],
    ['ABANDONED', [], 'pending'],
    ['ABANDONED', [status('QUEUED', 1), status('IN_PROGRESS', 2)], 'in_progress'],
    ['ABANDONED', [status('IN_PROGRESS', 2), status('QUEUED', 1)], 'in_progress'],
    ['SOMETHING_NEW', [status('FAILURE', 2)], 'failure'],
    [null, [], 'pending']
  ])('the state %s after %j is %s', async (state, statuses, expected) => {
    const { hosting } = await scene(graph({ env0: { nodes: [record({ state, statuses: { nodes: statuses } })] } }));
    expect((await hosting.facts(question)).records.get('staging')?.[0]?.state).toBe(expected);
  });

  test('the end is when it first ended, whatever order the statuses come in', async () => {
    const nodes = [status('IN_PROGRESS', 1), status('INACTIVE', 5), status('SUCCESS', 2), status('INACTIVE', 6)];
    const { hosting } = await scene(graph({ env0: { nodes: [record({ state: 'INACTIVE', statuses: { nodes } })] } }));
    expect((await hosting.facts(question)).records.get('staging')?.[0]).toMatchObject({
      startedAt: '2026-11-23T12:01:00.000Z',
      succeededAt: '2026-11-23T12:02:00.000Z',
      endedAt: '2026-11-23T12:05:00.000Z'
    });
  });

  test('records come highest id first', async () => {
    const nodes = [record({ databaseId: 9 }), record({ databaseId: 12 }), record({ databaseId: 10 })];
    const { hosting } = await scene(graph({ env0: { nodes } }));
    const found = await hosting.facts(question);
    expect(found.records.get('staging')?.map(({ id }) => id)).toEqual([12, 10, 9]);
  });

  test('drafts and releases without a tag are left out; a foreign tag has no note', async () => {
    const nodes = [
      release({ isDraft: true, tagCommit: null, tag: null }),
      release({ databaseId: 24, isDraft: true }),
      release({ databaseId: 22, tagCommit: null }),
      release({ databaseId: 23, tag: { target: { __typename: 'Commit' } } })
    ];
    const { hosting } = await scene(graph({ releases: { nodes }, asked: release({ databaseId: 20 }) }));
    const { releases } = await hosting.facts({ ...question, tag: 'v1.4.2' });
    expect(releases.map(({ id, note: said }) => [id, said?.changes])).toEqual([
      [23, undefined],
      [20, 3]
    ]);
  });

  test('the release asked for is not listed twice', async () => {
    const { hosting } = await scene(graph({ asked: release() }));
    expect((await hosting.facts({ ...question, tag: 'v1.4.2' })).releases).toHaveLength(1);
  });
});

describe('numbers GraphQL cannot tell', () => {
  const big = 3_165_471_092;
  const errors = [{ message: 'Int out of range', path: ['repository', 'env0', 'nodes', 0, 'databaseId'] }];
  const nameless = graph({ env0: { nodes: [record({ databaseId: null })] } }, errors);

  test('are asked of REST once', async () => {
    const { hosting, server } = await scene(nameless, json(200, [{ id: big, node_id: 'DE_11' }]), nameless);
    expect((await hosting.facts(question)).records.get('staging')?.[0]?.id).toBe(big);
    expect((await hosting.facts(question)).records.get('staging')?.[0]?.id).toBe(big);
    expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  test('are taken as they come when they come', async () => {
    const { hosting } = await scene(graph({ env0: { nodes: [record({ databaseId: big })] } }));
    expect((await hosting.facts(question)).records.get('staging')?.[0]?.id).toBe(big);
  });

  test('a record without a number is an error, never left out', async () => {
    const { hosting } = await scene(nameless, json(200, []));
    expect(await refusalOf(hosting.facts(question))).toMatchObject({ code: 'hosting-failed' });
  });
});

describe('errors within a 200', () => {
  test.each([
    ['stops', 'issues: read'],
    ['env0', 'deployments: read'],
    ['releases', 'contents: read']
  ])('FORBIDDEN at %s names %s', async (field, permission) => {
    const error = { type: 'FORBIDDEN', path: ['repository', field], message: 'Resource not accessible by integration' };
    const { hosting, server } = await scene(graph({ [field]: null }, [error]));
    expect(await refusalOf(hosting.facts(question))).toMatchObject({
      code: 'permission-missing',
      details: { permission }
    });
    expect(server.seen).toHaveLength(1);
  });

  test('a repository that cannot be seen', async () => {
    const error = { type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve to a Repository' };
    const { hosting } = await scene(json(200, { data: { repository: null }, errors: [error] }));
    expect(await refusalOf(hosting.facts(question))).toMatchObject({
      code: 'permission-missing',
      details: { permission: 'contents: read' }
    });
  });

  test.each<[string, Step]>([
    ['a rate limit', json(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] })],
    ['a failure of GitHub', json(200, { data: null, errors: [{ message: 'Something went wrong' }] })],
    ['part of an answer', json(200, { data: { repository: { env0: { nodes: [] } } } })],
    ['no data', json(200, { data: null })]
  ])('%s is asked again', async (_, bad) => {
    const { hosting, server } = await scene(bad, graph());
    await hosting.facts(question);
    expect(server.seen).toHaveLength(2);
  });

  test('a query GitHub does not understand is not repeated', async () => {
    const error = { path: ['query'], extensions: { code: 'undefinedField' }, message: "Field 'x' doesn't exist" };
    const { hosting, server } = await scene(json(200, { errors: [error] }));
    expect(await refusalOf(hosting.facts(question))).toMatchObject({ code: 'hosting-failed' });
    expect(server.seen).toHaveLength(1);
  });
});
