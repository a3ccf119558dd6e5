import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { ledgerQuery } from '../../../src/adapters/hosting-github/ledger-query.ts';
import { tagMessage } from '../../../src/domain/tag-message.ts';
import type { LedgerQuestion } from '../../../src/ports/ledger.ts';
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
    { environments: ['staging'], again: ['DE_1'], after: { records: null, releases: null } }
  ];

  test.each(asked)('is valid by the schema of GitHub: %j', (each) => {
    const { query } = ledgerQuery(each, REPOSITORY);
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
  });

  test('asks for no records where there is no environment', async () => {
    expect(ledgerQuery({ environments: [], again: [] }, REPOSITORY).query).not.toContain('deployments');
    const { hosting } = await scene(() => [graph({ envs: undefined })]);
    const { records, next } = await hosting.ledgerPage({ environments: [], again: [] });
    expect([records, next.records]).toEqual([[], null]);
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
      records: [
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
      again: [],
      releases: [
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
      visibility: 'public',
      next: { records: null, releases: 'r' }
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    ['another task', { task: 'deploy:migrations' }],
    ['a payload that is not ours', { payload: '{"by":"another tool"}' }],
    ['another environment', { environment: 'preview' }]
  ])('leaves out a deployment with %s', async (_, changes) => {
    expect((await first(graph({ envs: page([record(changes)]) }))).records).toEqual([]);
  });

  test.each([
    ['in a browser', 'https://github.com/acme/shop/releases/download/v1.4.2/release.json'],
    ['of another server', 'https://api.evil.test/repos/acme/shop/releases/assets/77']
  ])('an address %s is not the number of an asset', async (_, url) => {
    const { releases } = await first(graph({ releases: page([release([{ url, size: 1 }])]) }));
    expect(releases).toHaveLength(1);
    expect(releases[0]).not.toHaveProperty('manifest');
  });

  test('drafts are not there', async () => {
    const nodes = [release([], { isDraft: true }), release([], { publishedAt: null })];
    expect((await first(graph({ releases: page(nodes) }))).releases).toEqual([]);
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
      records: [],
      releases: []
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
