import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { ledgerQuery } from '../../../src/adapters/hosting-github/ledger-query.ts';
import { tagMessage } from '../../../src/domain/tag-message.ts';
import type { LedgerQuestion } from '../../../src/ports/ledger.ts';
import { changeOf } from '../../fakes/builders.ts';
import { payload, version } from './new-record.ts';
import { createScene, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { json } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';

const commit = 'c'.repeat(40);
const REPOSITORY = { owner: 'acme', name: 'shop' };

const record = (changes: object = {}): object => ({
  id: 'DE_11',
  environment: 'Staging',
  commitOid: commit,
  task: 'deploy',
  payload: JSON.stringify(payload),
  state: 'ACTIVE',
  createdAt: '2026-11-23T12:00:00Z',
  statuses: {
    nodes: [{ state: 'SUCCESS', createdAt: '2026-11-23T12:02:00Z', environmentUrl: 'https://staging.test' }]
  },
  ...changes
});

const note = { manifestSha256: 'a'.repeat(64), tarSha256: 'b'.repeat(64), changes: 3 };
const release = (assets: object[], changes: object = {}): object => ({
  databaseId: 21,
  tagName: 'v1.4.2',
  isDraft: false,
  isPrerelease: true,
  url: 'https://github.test/acme/shop/releases/v1.4.2',
  publishedAt: '2026-11-23T11:00:00Z',
  tagCommit: { oid: commit },
  tag: { target: { __typename: 'Tag', message: tagMessage(version('1.4.2'), note) } },
  releaseAssets: { nodes: assets },
  ...changes
});

const page = (nodes: object[], endCursor: string | null = null): object => ({
  totalCount: nodes.length,
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor }
});

const stop = {
  number: 4,
  url: 'https://github.test/acme/shop/issues/4',
  title: 'Broken',
  createdAt: '2026-11-23T11:00:00Z'
};

const answer = (fields: object = {}): object => ({
  visibility: 'PUBLIC',
  envs: page([record()]),
  releases: page([]),
  stops: { nodes: [{ ...stop, closedAt: null, author: null }] },
  ...fields
});

const graph = (fields: object = {}, more: object = {}): Step =>
  json(200, { data: { repository: answer(fields), ...more } });

let open: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

const scene = async (script: (at: () => string) => readonly Step[]): Promise<Scene> => {
  const made = await createScene(script);
  open.push(made.server);
  return made;
};

const question: LedgerQuestion = { environments: ['staging'], again: [] };
const first = async (...steps: Step[]) => (await scene(() => steps)).hosting.ledgerPage(question);

describe('the query', () => {
  const schema = buildSchema(
    readFileSync(new URL('../../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'),
    { assumeValid: true }
  );
  const asked: readonly LedgerQuestion[] = [
    question,
    { environments: [], again: [] },
    { environments: ['staging', 'production'], again: ['DE_1'] },
    { environments: ['staging'], again: ['DE_1'], after: { records: 'a', releases: 'b' } },
    { environments: ['staging'], again: [], after: { records: 'a', releases: null } },
    { environments: ['staging'], again: [], after: { records: null, releases: 'b' } },
    { environments: ['staging'], again: ['DE_1'], after: { records: null, releases: null } },
    { environments: ['staging'], again: [], oldest: { list: 'records', before: null } },
    {
      environments: ['staging'],
      again: [],
      after: { records: 'a', releases: 'b' },
      oldest: { list: 'records', before: null }
    },
    {
      environments: ['staging'],
      again: [],
      after: { records: 'a', releases: null },
      oldest: { list: 'records', before: 'c' }
    },
    {
      environments: ['staging'],
      again: [],
      after: { records: null, releases: 'b' },
      oldest: { list: 'releases', before: 'c' }
    },
    { environments: [], again: [], after: { records: null, releases: 'b' }, oldest: { list: 'releases', before: null } }
  ];

  test.each(asked)('is valid by the schema of GitHub: %j', (each) => {
    const { query } = ledgerQuery(each, REPOSITORY);
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
  });

  test('asks for no records where there is no environment', async () => {
    expect(ledgerQuery({ environments: [], again: [] }, REPOSITORY).query).not.toContain('deployments');
    const { hosting } = await scene(() => [graph({ envs: undefined })]);
    const { records, totals } = await hosting.ledgerPage({ environments: [], again: [] });
    expect([records, totals]).toEqual([
      { items: [], nodes: [], next: null },
      { records: 0, releases: 0 }
    ]);
  });

  test('asks for the oldest of one list beside the newest, and for totals with the first page only', () => {
    const after = { records: 'a', releases: 'b' };
    const { query, variables } = ledgerQuery(
      { ...question, after, oldest: { list: 'records', before: 'c' } },
      REPOSITORY
    );
    expect(query.match(/\b(first|last): 100[^)]*/g)).toEqual([
      'first: 100, after: $records, orderBy: {field: CREATED_AT, direction: DESC}',
      'last: 100, before: $before, orderBy: {field: CREATED_AT, direction: DESC}',
      'first: 100, after: $releases, orderBy: {field: CREATED_AT, direction: DESC}'
    ]);
    expect(variables).toEqual({ ...REPOSITORY, environments: ['staging'], ...after, before: 'c' });
    expect(query).not.toContain('totalCount');
    expect(ledgerQuery(question, REPOSITORY).query.match(/totalCount/g)).toHaveLength(2);
  });

  test('carries names and cursors as variables, whatever they hold, and none that it does not use', () => {
    const hostile = '"]) { x } #';
    const after = { records: hostile, releases: hostile };
    const { query, variables } = ledgerQuery({ environments: [hostile], again: [], after }, REPOSITORY);
    expect(query).not.toContain(hostile);
    expect(variables).toEqual({ ...REPOSITORY, environments: [hostile], records: hostile, releases: hostile });
    const last = ledgerQuery({ ...question, after: { records: null, releases: 'b' } }, REPOSITORY);
    expect(last.variables).toEqual({ ...REPOSITORY, releases: 'b' });
  });
});

describe('a page of the history', () => {
  test('tells records in the spelling of delivery.yml, releases and stopped lines', async () => {
    const { hosting, server } = await scene((at) => [
      (...exchange) => {
        const asset = { url: `${at()}/repos/acme/shop/releases/assets/77`, size: 10 };
        graph({ releases: page([release([asset])], 'r') })(...exchange);
      }
    ]);
    expect(await hosting.ledgerPage(question)).toEqual({
      records: {
        items: [
          {
            node: 'DE_11',
            environment: 'staging',
            commit,
            state: 'success',
            createdAt: '2026-11-23T12:00:00.000Z',
            succeededAt: '2026-11-23T12:02:00.000Z',
            url: 'https://staging.test',
            payload
          }
        ],
        nodes: ['DE_11'],
        next: null
      },
      again: [],
      releases: {
        items: [
          {
            id: 21,
            tag: 'v1.4.2',
            commit,
            prerelease: true,
            url: 'https://github.test/acme/shop/releases/v1.4.2',
            publishedAt: '2026-11-23T11:00:00.000Z',
            note,
            manifest: 77
          }
        ],
        nodes: ['21'],
        next: 'r'
      },
      oldest: {},
      totals: { records: 1, releases: 1 },
      incidents: [
        {
          number: 4,
          url: stop.url,
          title: 'Broken',
          author: 'ghost',
          openedAt: '2026-11-23T11:00:00.000Z',
          closedAt: null
        }
      ],
      visibility: 'public'
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    ['another task', { task: 'deploy:migrations' }],
    ['a payload that is not ours', { payload: '{"by":"another tool"}' }],
    ['another environment', { environment: 'preview' }]
  ])('leaves out a deployment with %s', async (_, changes) => {
    const { records, totals } = await first(graph({ envs: page([record(changes)]) }));
    expect([records, totals?.records]).toEqual([{ items: [], nodes: ['DE_11'], next: null }, 1]);
  });

  test.each([
    ['in a browser', 'https://github.com/acme/shop/releases/download/v1.4.2/release.json'],
    ['of another server', 'https://api.evil.test/repos/acme/shop/releases/assets/77']
  ])('an address %s is not the number of an asset', async (_, url) => {
    const { releases } = await first(graph({ releases: page([release([{ url, size: 1 }])]) }));
    expect(releases.items).toHaveLength(1);
    expect(releases.items[0]).not.toHaveProperty('manifest');
  });

  const after = { records: 'a', releases: 'b' };
  const back = (nodes: object[], startCursor: string | null = null): object => ({
    nodes,
    pageInfo: { hasPreviousPage: startCursor !== null, startCursor }
  });

  test('tells the oldest of a list, and where it goes on from there', async () => {
    const { hosting } = await scene(() => [
      graph({ envsOldest: back([record({ id: 'DE_1' }), record({ id: 'DE_2', task: 'x' })], 's') })
    ]);
    const { oldest, totals } = await hosting.ledgerPage({
      ...question,
      after,
      oldest: { list: 'records', before: null }
    });
    expect(oldest).toMatchObject({ records: { items: [{ node: 'DE_1' }], nodes: ['DE_1', 'DE_2'], next: 's' } });
    expect([oldest.releases, totals]).toEqual([undefined, undefined]);
  });

  test('the same of releases, to their end', async () => {
    const { hosting } = await scene(() => [
      graph({ envs: undefined, releasesOldest: back([release([]), release([], { databaseId: 22, isDraft: true })]) })
    ]);
    const asked = {
      ...question,
      after: { records: null, releases: 'b' },
      oldest: { list: 'releases', before: 'c' }
    } as const;
    const { oldest } = await hosting.ledgerPage(asked);
    expect(oldest).toMatchObject({ releases: { items: [{ tag: 'v1.4.2' }], nodes: ['21', '22'], next: null } });
  });

  test.each([
    ['without the oldest', {}],
    ['without where they go on', { envsOldest: { nodes: [] } }]
  ])('an answer %s is asked for again', async (_, part) => {
    const { hosting, server } = await scene(() => [graph(part), graph({ envsOldest: back([]) })]);
    await hosting.ledgerPage({ ...question, after, oldest: { list: 'records', before: null } });
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['without how many records there are', { envs: back([record()]) }],
    ['without how many releases there are', { releases: { ...page([]), totalCount: -1 } }]
  ])('an answer %s is asked for again', async (_, part) => {
    const { hosting, server } = await scene(() => [graph(part), graph()]);
    await hosting.ledgerPage(question);
    expect(server.seen).toHaveLength(2);
  });

  test('a tag tells the changes it carries; one that was not written by us has none', async () => {
    const told = { previous: null, changes: [changeOf(12), changeOf(13), changeOf(14)] };
    const message = tagMessage(version('1.4.2'), note, told);
    const tag = (text: string): object => ({ tag: { target: { __typename: 'Tag', message: text } } });
    const { releases } = await first(
      graph({
        releases: page([release([], tag(message)), release([], tag(`${message}x`)), release([], { tag: null })])
      })
    );
    expect(releases.items.map(({ carried }) => carried)).toEqual([{ version: '1.4.2', ...told }, undefined, undefined]);
  });

  test('drafts are not there', async () => {
    const nodes = [release([], { isDraft: true }), release([], { publishedAt: null })];
    expect((await first(graph({ releases: page(nodes) }))).releases.items).toEqual([]);
  });

  test.each([
    ['PUBLIC', 'public'],
    ['PRIVATE', 'private'],
    ['INTERNAL', 'private'],
    ['', 'private']
  ])('visibility %s is %s', async (visibility, expected) => {
    expect((await first(graph({ visibility }))).visibility).toBe(expected);
  });

  test('records looked at again; one that is gone is an error of its own', async () => {
    const more = { nodes: [null, record({ id: 'DE_5', state: 'INACTIVE' }), { __typename: 'Issue' }] };
    const gone = { type: 'NOT_FOUND', path: ['nodes', 0], message: 'Could not resolve to a node' };
    const { hosting } = await scene(() => [json(200, { data: { repository: answer(), ...more }, errors: [gone] })]);
    const { again } = await hosting.ledgerPage({ ...question, again: ['DE_4', 'DE_5'] });
    expect(again.map(({ node, state }) => [node, state])).toEqual([['DE_5', 'inactive']]);
  });

  test('the same, and nothing else, where no list goes on', async () => {
    const repository = { __typename: 'Repository', visibility: 'PUBLIC' };
    const { hosting, server } = await scene(() => [
      json(200, { data: { repository, nodes: [record({ id: 'DE_5', state: 'INACTIVE' })] } })
    ]);
    const last = { ...question, again: ['DE_5'], after: { records: null, releases: null } };
    expect(await hosting.ledgerPage(last)).toMatchObject({
      again: [{ node: 'DE_5', state: 'inactive' }],
      records: { items: [], next: null },
      releases: { items: [], next: null }
    });
    expect(server.seen[0]?.body).toContain('DE_5');
    expect(server.seen[0]?.body).not.toContain('deployments');
  });

  test.each([
    ['without its pages', { envs: { nodes: [] } }],
    ['without the records', { envs: undefined }],
    ['without the releases', { releases: undefined }],
    ['without the stopped lines', { stops: undefined }]
  ])('an answer %s is asked for again', async (_, part) => {
    const { hosting, server } = await scene(() => [graph(part), graph()]);
    await hosting.ledgerPage(question);
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['envs', 'deployments: read'],
    ['envsOldest', 'deployments: read'],
    ['releases', 'contents: read'],
    ['stops', 'issues: read']
  ])('FORBIDDEN at %s names %s', async (field, permission) => {
    const error = { type: 'FORBIDDEN', path: ['repository', field], message: 'Resource not accessible by integration' };
    const { hosting } = await scene(() => [json(200, { data: { repository: answer() }, errors: [error] })]);
    expect(await refusalOf(hosting.ledgerPage(question))).toMatchObject({
      code: 'permission-missing',
      details: { permission }
    });
  });
});

describe('runs that wait', () => {
  test('come with their pages', async () => {
    const runs = { workflow_runs: [{ id: 8, html_url: 'https://github.test/acme/shop/actions/runs/8' }] };
    const { hosting, server } = await scene(() => [json(200, runs)]);
    expect(await hosting.waitingRuns()).toEqual({
      kind: 'known',
      value: new Map([[8, 'https://github.test/acme/shop/actions/runs/8']])
    });
    expect(server.seen[0]?.path).toBe('/repos/acme/shop/actions/runs?status=waiting&per_page=100');
  });

  test('a token that may not see them says so', async () => {
    const { hosting } = await scene(() => [json(403, { message: 'Resource not accessible by integration' })]);
    expect(await hosting.waitingRuns()).toEqual({ kind: 'unknown', needs: 'actions: read' });
  });
});
