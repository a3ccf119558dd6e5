/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { deploy, draftRelease, handClock, job, problemsOf, setStatus, start } from './client.ts';
import type { Started } from './client.ts';

let at: Started;
const clock = handClock();
beforeAll(async () => {
  at = await start({ clock: clock.now });
});

const newest = 'orderBy: { field: CREATED_AT, direction: DESC }';

const statesOf = async (environment: string): Promise<readonly string[]> => {
  const { data } = await at.client.query(
    `deployments(environments: ["${environment}"], first: 20) { nodes { state } }`
  );
  return data.repository.deployments.nodes.map((node: { state: string }) => node.state);
};

describe('deployments', () => {
  test('have a state of their own, made from the latest status', async () => {
    for (const state of ['success', 'failure', 'error', 'in_progress', 'queued', 'inactive']) {
      await setStatus(at.client, await deploy(at, 'states'), state);
    }
    await deploy(at, 'states');
    expect(await statesOf('states')).toEqual([
      'ACTIVE',
      'FAILURE',
      'ERROR',
      'IN_PROGRESS',
      'QUEUED',
      'INACTIVE',
      'PENDING'
    ]);
  });

  test('are abandoned after 30 pending minutes, and destroyed when transient', async () => {
    await deploy(at, 'late');
    clock.advance(30);
    expect(await statesOf('late')).toEqual(['PENDING']);
    clock.advance(1);
    expect(await statesOf('late')).toEqual(['ABANDONED']);
    const preview = await deploy(at, 'preview', { transient_environment: true });
    await setStatus(at.client, preview, 'inactive');
    expect(await statesOf('preview')).toEqual(['DESTROYED']);
  });

  test('come oldest first unless asked otherwise: `first` is not the newest', async () => {
    const ids = [await deploy(at, 'order'), await deploy(at, 'order'), await deploy(at, 'order')];
    const first = async (order: string) => {
      const answer = await at.client.query(
        `deployments(environments: ["order"], first: 1${order}) { nodes { databaseId } }`
      );
      return answer.data.repository.deployments.nodes[0].databaseId;
    };
    expect(await first('')).toBe(ids[0]);
    expect(await first(`, ${newest}`)).toBe(ids[2]);
  });

  test('give their payload as JSON within JSON', async () => {
    await deploy(at, 'payload', { payload: { schema: 1, version: '1.0.0' } });
    const { data } = await at.client.query('deployments(environments: ["payload"], first: 1) { nodes { payload } }');
    const { payload } = data.repository.deployments.nodes[0];
    expect(payload).toBe(String.raw`"{\"schema\":1,\"version\":\"1.0.0\"}"`);
    expect(JSON.parse(JSON.parse(payload))).toEqual({ schema: 1, version: '1.0.0' });
  });

  test('show task, commit, creator, and their statuses newest first', async () => {
    const id = await deploy(at, 'shown', { task: 'other' });
    await setStatus(at.client, id, 'in_progress');
    await setStatus(at.client, id, 'success', {
      environment_url: 'https://shop.example',
      log_url: 'https://log.example'
    });
    const { data, errors } = await at.client.query(`deployments(environments: ["shown"], first: 1) { nodes {
      databaseId task commitOid commit { message } creator { login __typename } latestStatus { state }
      statuses(first: 5) { nodes { state environmentUrl logUrl } } } }`);
    expect(errors).toBeUndefined();
    expect(data.repository.deployments.nodes).toEqual([
      {
        databaseId: id,
        task: 'other',
        commitOid: at.sha,
        commit: { message: 'feat: begin' },
        creator: { login: 'github-actions', __typename: 'Bot' },
        latestStatus: { state: 'SUCCESS' },
        statuses: {
          nodes: [
            { state: 'SUCCESS', environmentUrl: 'https://shop.example', logUrl: 'https://log.example' },
            { state: 'IN_PROGRESS', environmentUrl: null, logUrl: null }
          ]
        }
      }
    ]);
  });

  test('come in pages by cursors', async () => {
    const ids: number[] = [];
    for (let number = 0; number < 5; number += 1) ids.push(await deploy(at, 'pages'));
    const seen: number[] = [];
    let after = 'null';
    for (let more = true; more;) {
      const page = await at.client.query(`deployments(environments: ["pages"], first: 2, after: ${after}) {
        totalCount pageInfo { hasNextPage endCursor } nodes { databaseId } }`);
      const { nodes, pageInfo, totalCount } = page.data.repository.deployments;
      expect(totalCount).toBe(5);
      seen.push(...nodes.map((node: { databaseId: number }) => node.databaseId));
      after = JSON.stringify(pageInfo.endCursor);
      more = pageInfo.hasNextPage;
    }
    expect(seen).toEqual(ids);
  });

  test('come from both ends in one query, the last of the list in its order', async () => {
    const ids: number[] = [];
    for (let number = 0; number < 5; number += 1) ids.push(await deploy(at, 'ends'));
    const list = `deployments(environments: ["ends"], ${newest}`;
    const asked = (front: string, back: string): string => `
      front: ${list}, first: 2${front}) { totalCount pageInfo { hasNextPage endCursor } nodes { databaseId } }
      back: ${list}, last: 2${back}) { totalCount pageInfo { hasPreviousPage startCursor } nodes { databaseId } }`;
    const idsOf = ({ nodes }: { nodes: { databaseId: number }[] }) => nodes.map(({ databaseId }) => databaseId);
    const { front, back } = (await at.client.query(asked('', ''))).data.repository;
    expect([idsOf(front), idsOf(back)]).toEqual([ids.slice(3).toReversed(), ids.slice(0, 2).toReversed()]);
    expect([front.totalCount, front.pageInfo.hasNextPage, back.pageInfo.hasPreviousPage]).toEqual([5, true, true]);
    await deploy(at, 'ends');
    const [after, before] = [front.pageInfo.endCursor, back.pageInfo.startCursor].map((each) => JSON.stringify(each));
    const met = (await at.client.query(asked(`, after: ${after}`, `, before: ${before}`))).data.repository;
    expect([idsOf(met.front), idsOf(met.back)]).toEqual([ids.slice(1, 3).toReversed(), ids.slice(2, 4).toReversed()]);
    expect([met.front.pageInfo.hasNextPage, met.back.pageInfo.hasPreviousPage]).toEqual([true, true]);
    const whole = (await at.client.query(asked('', `, before: ${after}`))).data.repository;
    expect([idsOf(whole.back), whole.back.pageInfo.hasPreviousPage]).toEqual([
      [whole.front.nodes[0].databaseId, ids[4]],
      false
    ]);
  });
});

describe('releases', () => {
  test('show drafts only to those who may write, and never by their tag', async () => {
    await draftRelease(at, 'v0.1.0');
    const names = async (client: typeof at.client) => {
      const { data } = await client.query(
        `releases(first: 50, ${newest}) { nodes { tagName } } release(tagName: "v0.1.0") { id }`
      );
      expect(data.repository.release).toBeNull();
      return data.repository.releases.nodes.map((node: { tagName: string }) => node.tagName);
    };
    expect(await names(at.client)).toContain('v0.1.0');
    expect(await names(job(at.hub, { contents: 'read' }))).not.toContain('v0.1.0');
  });

  test('lead through an annotated tag to its message and its commit', async () => {
    const tag = await at.client.ask('POST', '/git/tags', {
      tag: 'v0.2.0',
      message: 'note\n',
      object: at.sha,
      type: 'commit'
    });
    await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/v0.2.0', sha: tag.body.sha });
    const { release } = await draftRelease(at, 'v0.2.0');
    await at.client.ask('PATCH', `/releases/${release}`, { draft: false, prerelease: true });
    const { data } = await at.client.query(`release(tagName: "v0.2.0") { databaseId isPrerelease isLatest
      tag { name target { __typename oid ... on Tag { message target { oid } } } } tagCommit { oid }
      releaseAssets(first: 5) { nodes { name size } } }
      ref(qualifiedName: "refs/tags/v0.2.0") { prefix target { __typename } }
      light: ref(qualifiedName: "refs/tags/nothing") { name } object(expression: "main:a.txt") { ... on Blob { text } }`);
    expect(data.repository).toEqual({
      release: {
        databaseId: release,
        isPrerelease: true,
        isLatest: false,
        tag: {
          name: 'v0.2.0',
          target: { __typename: 'Tag', oid: tag.body.sha, message: 'note\n', target: { oid: at.sha } }
        },
        tagCommit: { oid: at.sha },
        releaseAssets: { nodes: [{ name: 'app.tar', size: 5 }] }
      },
      ref: { prefix: 'refs/tags/', target: { __typename: 'Tag' } },
      light: null,
      object: { text: 'a\n' }
    });
  });
});

describe('deployments by their ids', () => {
  test('come in the order asked for; one that is gone is null, with an error of its own', async () => {
    const ids = [await deploy(at, 'nodes'), await deploy(at, 'nodes')];
    const listed = await at.client.query(`deployments(environments: ["nodes"], first: 2) { nodes { id databaseId } }`);
    const [first, second] = listed.data.repository.deployments.nodes;
    const root = `{ nodes(ids: ["${second.id}", "DE_gone", "${first.id}"]) { __typename ... on Deployment { databaseId } } }`;
    const { data, errors } = (await at.client.ask('POST', at.hub.graphqlUrl, { query: root })).body;
    expect(data.nodes).toEqual([
      { __typename: 'Deployment', databaseId: ids[1] },
      null,
      { __typename: 'Deployment', databaseId: ids[0] }
    ]);
    expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }]);
  });
});

test('issues are filtered by label and state', async () => {
  const made = await at.client.ask('POST', '/issues', { title: 'Broken', labels: ['line-stopped'] });
  await at.client.ask('POST', '/issues', { title: 'Other' });
  const open = async () => {
    const { data } = await at.client.query(
      'issues(labels: ["line-stopped"], states: [OPEN], first: 5) { nodes { number title author { login } } }'
    );
    return data.repository.issues.nodes;
  };
  expect(await open()).toEqual([{ number: made.body.number, title: 'Broken', author: { login: 'github-actions' } }]);
  await at.client.ask('PATCH', `/issues/${made.body.number}`, { state: 'closed' });
  expect(await open()).toEqual([]);
});

describe('refusals', () => {
  test('a list without bounds, and a page of more than a hundred', async () => {
    const unbound = await at.client.query('deployments { totalCount }');
    expect(unbound.errors).toMatchObject([{ type: 'MISSING_PAGINATION_BOUNDARIES' }]);
    const greedy = await at.client.query('releases(first: 101) { totalCount }');
    expect(greedy.errors).toMatchObject([{ type: 'EXCESSIVE_PAGINATION', path: ['repository', 'releases'] }]);
  });

  test('a query that does not fit the schema has errors and no data', async () => {
    const answer = await at.client.query('deployment { id }');
    expect(answer).toEqual({
      errors: [expect.objectContaining({ message: expect.stringContaining('Cannot query field') })]
    });
  });

  test('a text that was refused is refused each time, one that was answered is answered anew', async () => {
    const { client, hub } = await start();
    const wrong = [await client.query('nothing { id }'), await client.query('nothing { id }')];
    expect(wrong[1]).toEqual(wrong[0]);
    expect(wrong[1]).toMatchObject({ errors: [{}] });
    const tip = async (): Promise<unknown> =>
      (await client.query('ref(qualifiedName: "refs/heads/main") { target { oid } }')).data;
    const before = await tip();
    const oid = await hub.commit({ message: 'later', files: { later: 'yes' } });
    const after = await tip();
    expect(after).not.toEqual(before);
    expect(JSON.stringify(after)).toContain(oid);
  });

  test('on a private repository partial data with FORBIDDEN at what the token may not read', async () => {
    const closed = await start({ visibility: 'private' });
    await deploy(closed, 'staging');
    await closed.client.ask('POST', '/releases', { tag_name: 'v1.0.0' });
    const reader = job(closed.hub, { contents: 'read' });
    const { data, errors } = await reader.query(`deployments(first: 5) { totalCount nodes { databaseId } }
      issues(first: 5) { nodes { number } } releases(first: 5) { nodes { tagName } }`);
    expect(data.repository).toEqual({
      deployments: { totalCount: 0, nodes: null },
      issues: { nodes: null },
      releases: { nodes: [{ tagName: 'v1.0.0' }] }
    });
    expect(errors).toMatchObject([
      { type: 'FORBIDDEN', path: ['repository', 'deployments', 'nodes'] },
      { type: 'FORBIDDEN', path: ['repository', 'issues', 'nodes'] }
    ]);
  });

  test('a repository nobody knows is NOT_FOUND', async () => {
    const answer = await at.client.ask('POST', at.hub.graphqlUrl, {
      query: '{ repository(owner: "a", name: "b") { id } }'
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { repository: null }, errors: [{ type: 'NOT_FOUND' }] }
    });
  });

  test('a field the hub does not know is an error and a problem, never a quiet null', async () => {
    const other = await start();
    const answer = await other.client.query('diskUsage');
    expect(answer.errors).toMatchObject([{ message: 'not emulated: Repository.diskUsage' }]);
    expect(problemsOf(other.hub)).toEqual(['GraphQL: Repository.diskUsage is not emulated']);
  });
});
