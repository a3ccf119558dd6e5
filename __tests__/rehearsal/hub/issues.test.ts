/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, expect, test } from '@jest/globals';
import type { Permissions } from '../../../rehearsal/hub/index.ts';
import { clientOf, start } from './client.ts';
import type { Started } from './client.ts';

let at: Started;
beforeAll(async () => {
  at = await start();
});

const numbers = async (query: string): Promise<readonly number[]> =>
  (await at.client.ask('GET', `/issues?${query}`)).body.map((issue: { number: number }) => issue.number);

test('labels named by an issue come into being; all labels of a list must fit', async () => {
  expect((await at.client.ask('GET', '/labels/line-stopped')).status).toBe(404);
  const one = await at.client.ask('POST', '/issues', { title: 'one', labels: ['line-stopped'] });
  const two = await at.client.ask('POST', '/issues', { title: 'two', labels: ['line-stopped', 'shop'] });
  expect((await at.client.ask('GET', '/labels/line-stopped')).status).toBe(200);
  expect(await numbers('labels=line-stopped')).toEqual([two.body.number, one.body.number]);
  expect(await numbers('labels=line-stopped,shop')).toEqual([two.body.number]);
  await at.client.ask('POST', `/issues/${one.body.number}/labels`, { labels: ['shop'] });
  expect(await numbers('labels=shop')).toEqual([two.body.number, one.body.number]);
});

test('a label is made once', async () => {
  expect((await at.client.ask('POST', '/labels', { name: 'made', color: 'ff0000' })).status).toBe(201);
  expect((await at.client.ask('POST', '/labels', { name: 'Made' })).status).toBe(422);
});

test('closing says when and why; reopening takes it back', async () => {
  const { number } = (await at.client.ask('POST', '/issues', { title: 'three' })).body;
  const closed = await at.client.ask('PATCH', `/issues/${number}`, { state: 'closed' });
  expect(closed.body).toMatchObject({ state: 'closed', state_reason: 'completed', closed_at: expect.any(String) });
  expect(await numbers('state=open')).not.toContain(number);
  expect(await numbers('state=closed')).toEqual([number]);
  expect((await at.client.ask('PATCH', `/issues/${number}`, { state: 'open' })).body.closed_at).toBeNull();
});

test('a title is needed, and an issue that exists', async () => {
  expect((await at.client.ask('POST', '/issues', { title: ' ' })).status).toBe(422);
  expect((await at.client.ask('GET', '/issues/999')).status).toBe(404);
});

test('comments are added, listed and edited', async () => {
  const { number } = (await at.client.ask('POST', '/issues', { title: 'four' })).body;
  const made = await at.client.ask('POST', `/issues/${number}/comments`, { body: 'shipped' });
  await at.client.ask('PATCH', `/issues/comments/${made.body.id}`, { body: 'shipped in 1.0.0' });
  const list = (await at.client.ask('GET', `/issues/${number}/comments`)).body;
  expect(list.map((comment: { body: string }) => comment.body)).toEqual(['shipped in 1.0.0']);
});

test('a user reacts once with each kind, and is told whether it was there already', async () => {
  const { number } = (await at.client.ask('POST', '/issues', { title: 'five' })).body;
  const react = (content: string) => at.client.ask('POST', `/issues/${number}/reactions`, { content });
  const [first, second] = [await react('rocket'), await react('rocket')];
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.body.id).toBe(first.body.id);
  expect((await react('no')).status).toBe(422);
  expect((await at.client.ask('DELETE', `/issues/${number}/reactions/${first.body.id}`)).status).toBe(204);
  expect((await react('rocket')).status).toBe(201);
});

test('pull requests share the numbers of issues; each kind of comment has its own right', async () => {
  const issue = (await at.client.ask('POST', '/issues', { title: 'slow' })).body.number;
  const pull = at.hub.openPull({ title: 'faster', labels: ['quick'], closes: [issue], mergeCommit: 'a'.repeat(40) });
  expect(pull).toBe(issue + 1);
  const may = async (permissions: Permissions, number: number): Promise<number> => {
    const path = `/issues/${number}/comments`;
    return (await clientOf(at.hub, at.hub.token({ permissions })).ask('POST', path, { body: 'hello' })).status;
  };
  expect(await may({ issues: 'write' }, pull)).toBe(403);
  expect(await may({ 'pull-requests': 'write' }, issue)).toBe(403);
  expect([await may({ issues: 'write' }, issue), await may({ 'pull-requests': 'write' }, pull)]).toEqual([201, 201]);
  const person = clientOf(at.hub, at.hub.personToken('bia'));
  const { data } = await person.query(`issueOrPullRequest(number: ${pull}) { ... on PullRequest { merged
    labels(first: 9) { nodes { name } } comments(last: 9) { nodes { fullDatabaseId body viewerDidAuthor } }
    closingIssuesReferences(first: 9) { nodes { number repository { nameWithOwner } } } } }`);
  const comment = data.repository.issueOrPullRequest.comments.nodes[0];
  expect(data.repository.issueOrPullRequest).toEqual({
    merged: true,
    labels: { nodes: [{ name: 'quick' }] },
    comments: { nodes: [{ fullDatabaseId: expect.any(String), body: 'hello', viewerDidAuthor: false }] },
    closingIssuesReferences: { nodes: [{ number: issue, repository: { nameWithOwner: 'acme/shop' } }] }
  });
  expect((await person.ask('DELETE', `/issues/comments/${comment.fullDatabaseId}`)).status).toBe(204);
  expect((await person.ask('DELETE', `/issues/comments/${comment.fullDatabaseId}`)).status).toBe(404);
  expect((await person.query('issueOrPullRequest(number: 9999) { __typename }')).errors?.[0].type).toBe('NOT_FOUND');
});
