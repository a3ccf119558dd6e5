/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { job, problemsOf, start } from './client.ts';
import type { Answered, Client, Started } from './client.ts';

const ABSENT = '0'.repeat(40);
const LOCK = 'refs/esteira/lock';
const MUTATION =
  'mutation change($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId __typename } }';

let at: Started;
let next = '';
let node = '';
beforeAll(async () => {
  at = await start({ visibility: 'private' });
  next = await at.hub.commit({ message: 'fix: next', branch: 'side', files: { b: 'b' } });
  node = (await at.client.query('id')).data.repository.id;
});

interface Update {
  readonly name: string;
  readonly beforeOid?: string;
  readonly afterOid: string;
  readonly force?: boolean;
}

const change = (refUpdates: readonly Update[], client: Client = at.client, repositoryId = node): Promise<Answered> =>
  client.ask('POST', at.hub.graphqlUrl, {
    query: MUTATION,
    variables: { input: { repositoryId, refUpdates, clientMutationId: 'x' } }
  });

const oidOf = async (name: string): Promise<string | undefined> =>
  (await at.client.ask('GET', `/git/${name.replace(/^refs/, 'ref')}`)).body.object?.sha;

const lockOf = async (message: string): Promise<string> => {
  const made = await at.client.ask('POST', '/git/tags', { tag: 'lock', message, object: at.sha, type: 'commit' });
  return made.body.sha;
};

const made = { data: { updateRefs: { clientMutationId: 'x', __typename: 'UpdateRefsPayload' } } };
const refused = (message: RegExp): object => ({
  data: { updateRefs: null },
  errors: [{ type: 'UNPROCESSABLE', path: ['updateRefs'], message: expect.stringMatching(message) }]
});

describe('a reference that must point to what somebody saw', () => {
  test('is created where there is none, swapped, and deleted, by whoever knows what stands there', async () => {
    const [one, two] = [await lockOf('one'), await lockOf('two')];
    expect((await change([{ name: LOCK, beforeOid: ABSENT, afterOid: one }])).body).toEqual(made);
    expect((await change([{ name: LOCK, beforeOid: ABSENT, afterOid: two }])).body).toMatchObject(
      refused(/update-ref/)
    );
    expect((await change([{ name: LOCK, beforeOid: one, afterOid: two, force: true }])).body).toEqual(made);
    expect((await change([{ name: LOCK, beforeOid: one, afterOid: ABSENT, force: true }])).body).toMatchObject(
      refused(/update-ref/)
    );
    expect(await oidOf(LOCK)).toBe(two);
    expect((await change([{ name: LOCK, beforeOid: two, afterOid: ABSENT, force: true }])).body).toEqual(made);
    expect(await oidOf(LOCK)).toBeUndefined();
    expect((await change([{ name: LOCK, beforeOid: two, afterOid: one, force: true }])).body).toMatchObject(
      refused(/update-ref/)
    );
  });

  test('of many who swap it at once one does', async () => {
    const held = await lockOf('dead');
    await at.client.ask('POST', '/git/refs', { ref: LOCK, sha: held });
    const takers = await Promise.all(['a', 'b', 'c', 'd'].map(lockOf));
    const answers = await Promise.all(
      takers.map((afterOid) => change([{ name: LOCK, beforeOid: held, afterOid, force: true }]))
    );
    const won = answers.findIndex(({ body }) => body.errors === undefined);
    expect(answers.filter(({ body }) => body.errors === undefined)).toHaveLength(1);
    expect(await oidOf(LOCK)).toBe(takers[won]);
  });
});

test('all or none', async () => {
  await at.client.ask('POST', '/git/refs', { ref: 'refs/said/one', sha: at.sha });
  const both = [
    { name: 'refs/said/one', beforeOid: at.sha, afterOid: next },
    { name: 'refs/said/two', beforeOid: at.sha, afterOid: next }
  ];
  expect((await change(both)).body).toMatchObject(refused(/update-ref/));
  expect(await oidOf('refs/said/one')).toBe(at.sha);
});

test('only forward unless forced, only to what exists, and by a name that git takes', async () => {
  await at.client.ask('POST', '/git/refs', { ref: 'refs/said/moving', sha: next });
  const back = (force: boolean) => change([{ name: 'refs/said/moving', afterOid: at.sha, force }]);
  expect((await back(false)).body).toMatchObject(refused(/fast forward/));
  expect((await back(true)).body).toEqual(made);
  expect((await change([{ name: LOCK, afterOid: 'a'.repeat(40) }])).body).toMatchObject(refused(/does not exist/));
  expect((await change([{ name: LOCK, afterOid: 'HEAD' }])).body).toMatchObject(refused(/40 hex/));
  expect((await change([{ name: 'refs/a..b', afterOid: at.sha }])).body).toMatchObject(refused(/must start with/));
});

test('whoever may not write is FORBIDDEN; a repository nobody knows is NOT_FOUND', async () => {
  const update = [{ name: 'refs/said/mine', afterOid: at.sha }];
  const { body } = await change(update, job(at.hub, { contents: 'read' }));
  expect(body).toMatchObject({ data: { updateRefs: null }, errors: [{ type: 'FORBIDDEN', path: ['updateRefs'] }] });
  const other = await change(update, at.client, 'R_other');
  expect(other.body).toMatchObject({ errors: [{ type: 'NOT_FOUND', path: ['updateRefs'] }] });
});

test('a change that does not fit the schema, or that the hub does not know, is an error', async () => {
  const ask = (query: string) => at.client.ask('POST', at.hub.graphqlUrl, { query });
  expect((await ask('mutation { updateRefs(input: {}) { clientMutationId } }')).body).toEqual({
    errors: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('was not provided') })])
  });
  const query = 'mutation { deleteRef(input: { refId: "x" }) { clientMutationId } }';
  const other = await start();
  const answer = await other.client.ask('POST', other.hub.graphqlUrl, { query });
  expect(answer.body.errors).toMatchObject([{ message: 'not emulated: Mutation.deleteRef' }]);
  expect(problemsOf(other.hub)).toEqual(['GraphQL: Mutation.deleteRef is not emulated']);
});

test('what reads see of the past does not decide: the change compares with what stands there', async () => {
  const [one, two] = [await lockOf('first'), await lockOf('second')];
  const name = 'refs/said/stale';
  expect((await change([{ name, beforeOid: ABSENT, afterOid: one }])).body).toEqual(made);
  const lag = at.hub.fault({ match: {}, kind: 'stale', writes: 1, times: 2 });
  expect(await oidOf(name)).toBeUndefined();
  expect((await change([{ name, beforeOid: one, afterOid: two, force: true }])).body).toEqual(made);
  lag.cancel();
  expect(await oidOf(name)).toBe(two);
});
