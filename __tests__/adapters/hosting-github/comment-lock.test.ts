import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { json, raw, reset } from './scripted-server.ts';
import type { Seen, Step } from './scripted-server.ts';
import { refusalOf, scenes } from './scene.ts';

const OURS = 'a'.repeat(40);
const THEIRS = 'b'.repeat(40);
const commit = 'c'.repeat(40);

const openScene = scenes();

interface Script {
  readonly change: Step;
  /** What the reference points to, when it is asked for. */
  readonly stands: string | undefined;
}

const named = (message: string): Step =>
  json(200, { message, object: { type: 'commit', sha: commit }, sha: THEIRS, tag: 'announcing' });

/** A server on which another run has the lock. */
const server =
  ({ change, stands }: Script, message = 'run 7 attempt 2 process 0'): Step =>
  (...given) => {
    const [, { method, path, body }] = given;
    const asked = `${method} ${path}`;
    if (asked.endsWith('/git/tags')) return json(201, { sha: OURS })(...given);
    if (asked.endsWith('/git/refs')) return json(422, { message: 'Reference already exists' })(...given);
    if (asked.includes('/git/tags/')) return named(message)(...given);
    if (asked.includes('/git/ref/')) {
      const found = json(200, { object: { type: 'tag', sha: stands } });
      return (stands === undefined ? json(404, { message: 'Not Found' }) : found)(...given);
    }
    return body.includes('mutation') ? change(...given) : json(200, { data: { repository: { id: 'R_1' } } })(...given);
  };

const open = async (script: Script, message?: string) => {
  const { hosting, server: at } = await openScene(() => [server(script, message)]);
  return { lock: hosting.commentLock({ run: { id: 1, attempt: 1 }, commit }), seen: at.seen };
};

const changes = (seen: readonly Seen[]): number => seen.filter(({ body }) => body.includes('mutation')).length;

const error = (more: object): Step =>
  json(200, { data: { updateRefs: null }, errors: [{ message: 'no', path: ['updateRefs'], ...more }] });
const made = json(200, { data: { updateRefs: { clientMutationId: null } } });
const holder = { mark: THEIRS };

const bodyShape = v.object({ variables: v.object({ input: v.unknown() }) });

test('it is taken over only while it points to what was seen, as the schema has it', async () => {
  const { lock, seen } = await open({ change: made, stands: THEIRS });
  expect(await lock.takeOver(holder)).toEqual({ kind: 'ours' });
  const { body } = seen.find((each) => each.body.includes('mutation')) ?? { body: '{}' };
  expect(v.parse(bodyShape, JSON.parse(body)).variables.input).toEqual({
    repositoryId: 'R_1',
    refUpdates: [{ name: 'refs/esteira/announcing', beforeOid: THEIRS, afterOid: OURS, force: true }]
  });
});

test.each([
  ['of a kind', error({ type: 'UNPROCESSABLE' })],
  ['of no kind', error({})],
  ['of a kind nobody knows', error({ type: 'STALE_DATA' })]
])('a no %s is definite: it is asked once, and what stands there tells', async (_, change) => {
  const lost = await open({ change, stands: THEIRS });
  expect(await lost.lock.takeOver(holder)).toEqual({
    kind: 'held',
    holder: { mark: THEIRS, run: { id: 7, attempt: 2 } }
  });
  expect(changes(lost.seen)).toBe(1);
  const had = await open({ change, stands: OURS });
  expect(await had.lock.takeOver(holder)).toEqual({ kind: 'ours' });
  const gone = await open({ change, stands: undefined });
  expect(await gone.lock.takeOver(holder)).toEqual({ kind: 'held' });
});

test.each([
  ['an error of the server', json(200, { errors: [{ message: 'Something went wrong while executing your query' }] })],
  ['half an answer', json(200, { data: {} })],
  ['HTML', raw(200, 'text/html', '<html>')],
  ['no answer', reset]
])('%s is asked again, and never taken for a yes', async (_, change) => {
  const { lock, seen } = await open({ change, stands: THEIRS });
  expect(await refusalOf(lock.takeOver(holder))).toMatchObject({ code: 'hosting-failed' });
  expect(changes(seen)).toBe(5);
});

test('whoever may not change it is told what to grant', async () => {
  const { lock } = await open({ change: error({ type: 'FORBIDDEN' }), stands: THEIRS });
  const why = { code: 'permission-missing', details: { permission: 'contents: write' } };
  expect(await refusalOf(lock.takeOver(holder))).toMatchObject(why);
});

test('what cannot be given back and still is ours is said; what is somebody else’s by now is not', async () => {
  const kept = await open({ change: error({ type: 'UNPROCESSABLE' }), stands: OURS });
  expect(await kept.lock.acquire()).toEqual({ kind: 'ours' });
  expect(await refusalOf(kept.lock.release())).toMatchObject({
    code: 'hosting-failed',
    details: { problem: '422 no' }
  });
  const other = await open({ change: error({ type: 'UNPROCESSABLE' }), stands: THEIRS });
  await other.lock.acquire();
  await other.lock.release();
});

test.each([
  '',
  'run -1 attempt 1 process a',
  'run 1e9 attempt 1 process a',
  'run 7\nattempt 2 process a',
  '<b>run</b>'
])('a lock that says %j names nobody', async (message) => {
  const { lock } = await open({ change: made, stands: THEIRS }, message);
  expect(await lock.acquire()).toEqual({ kind: 'held', holder });
});
