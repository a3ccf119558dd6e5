import { afterEach, describe, expect, test } from '@jest/globals';
import { newRecord, payload } from './new-record.ts';
import { createScene, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { json, reset } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';

const open: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

const scene = async (...steps: Step[]): Promise<Scene> => {
  const made = await createScene(() => steps);
  open.push(made.server);
  return made;
};

const asked = ({ server }: Scene): string[] =>
  server.seen.map(({ method, path }) => `${method} ${path.replace('/repos/acme/shop', '')}`);

const bodyOf = ({ server }: Scene, index: number): unknown => JSON.parse(server.seen[index]?.body ?? '');

const commit = 'c'.repeat(40);
const created = (id: number, sha = commit): object => ({ id, sha, node_id: `DE_${id}` });
const listed = (id: number, changes: object = {}): object => ({
  ...created(id),
  task: 'deploy',
  payload: JSON.stringify(payload),
  ...changes
});

describe('a new record', () => {
  test('is filed at the exact commit, waits for no check and merges nothing', async () => {
    const it = await scene(json(201, created(11)));
    const long = { ...newRecord(commit), description: '😀'.repeat(100) };
    expect(await it.hosting.createRecord(long)).toBe(11);
    expect(asked(it)).toEqual(['POST /deployments']);
    expect(bodyOf(it, 0)).toEqual({
      ref: commit,
      task: 'deploy',
      auto_merge: false,
      required_contexts: [],
      environment: 'production',
      production_environment: true,
      transient_environment: false,
      description: `${'😀'.repeat(69)}…`,
      payload
    });
  });

  test('after a lost answer the record already there is ours', async () => {
    const it = await scene(
      reset,
      json(200, []),
      json(200, [
        listed(9, { payload: { ...payload, run: { ...payload.run, attempt: 2 } } }),
        listed(10, { payload: JSON.stringify({ ...payload, kind: 'rollback' }) }),
        listed(12, { task: 'other' }),
        listed(13, { payload: 'not ours' }),
        listed(14)
      ]),
      json(200, [listed(14)])
    );
    expect(await it.hosting.createRecord(newRecord(commit))).toBe(14);
    expect(asked(it).filter((call) => call.startsWith('POST'))).toHaveLength(1);
    expect(it.server.seen[1]?.path).toContain(`environment=production&sha=${commit}&task=deploy`);
  });

  test('one made on purpose a second time is not taken for the first', async () => {
    const it = await scene(
      json(201, created(11)),
      reset,
      json(200, [listed(11)]),
      json(200, [listed(11), listed(12)]),
      json(200, [])
    );
    expect(await it.hosting.createRecord(newRecord(commit))).toBe(11);
    expect(await it.hosting.createRecord(newRecord(commit))).toBe(12);
  });

  test('one made twice, because the list lagged, is closed', async () => {
    const none = json(200, []);
    const it = await scene(
      reset,
      none,
      none,
      none,
      json(201, created(12)),
      json(200, [listed(11), listed(12)]),
      json(201, { id: 1, state: 'error' })
    );
    expect(await it.hosting.createRecord(newRecord(commit))).toBe(12);
    expect(asked(it).at(-1)).toBe('POST /deployments/11/statuses');
    expect(bodyOf(it, 6)).toMatchObject({ state: 'error' });
  });

  test('filed at another commit it is closed and refused', async () => {
    const it = await scene(json(201, created(11, 'e'.repeat(40))), json(201, { id: 1, state: 'error' }));
    expect(await refusalOf(it.hosting.createRecord(newRecord(commit)))).toMatchObject({
      code: 'hosting-failed',
      details: { problem: expect.stringContaining('e'.repeat(40)) }
    });
    expect(asked(it)).toEqual(['POST /deployments', 'POST /deployments/11/statuses']);
  });

  test.each([
    [202, { message: 'Auto-merged main into topic on deployment.' }],
    [409, { message: 'Conflict: Commit status checks failed' }],
    [422, { message: 'No ref found for: cccc' }]
  ])('%i is refused with what GitHub says, once', async (status, body) => {
    const it = await scene(json(status, body));
    expect(await refusalOf(it.hosting.createRecord(newRecord(commit)))).toMatchObject({
      details: { problem: `${status} ${body.message}` }
    });
    expect(asked(it)).toHaveLength(1);
  });
});

describe('a status', () => {
  const update = { state: 'success', description: 'Live', environmentUrl: 'https://shop.test' } as const;

  test('is one call', async () => {
    const it = await scene(json(201, { id: 1, state: 'success' }));
    await it.hosting.setStatus(11, { ...update, logUrl: 'https://log.test' });
    expect(asked(it)).toEqual(['POST /deployments/11/statuses']);
    expect(bodyOf(it, 0)).toEqual({
      state: 'success',
      description: 'Live',
      environment_url: 'https://shop.test',
      log_url: 'https://log.test'
    });
  });

  test('that arrived is not written again', async () => {
    const it = await scene(reset, json(200, [{ state: 'success', description: 'Live' }]));
    await it.hosting.setStatus(11, update);
    expect(asked(it)).toEqual(['POST /deployments/11/statuses', 'GET /deployments/11/statuses?per_page=1']);
  });

  test('that did not arrive is written again', async () => {
    const old = json(200, [{ state: 'in_progress', description: 'Live' }]);
    const it = await scene(reset, old, json(201, { id: 1, state: 'success' }));
    await it.hosting.setStatus(11, update);
    expect(asked(it)).toHaveLength(3);
  });
});

describe('a stopped line', () => {
  const issue = (changes: object = {}): object => ({
    html_url: 'https://github.test/acme/shop/issues/4',
    title: 'Broken',
    labels: [{ name: 'line-stopped' }],
    ...changes
  });

  test.each([403, 404, 410])('%i: the token may not open issues', async (status) => {
    const it = await scene(json(status, { message: 'Resource not accessible by integration' }));
    expect(await it.hosting.openStop({ title: 'Broken', body: 'Why' })).toBeUndefined();
    expect(asked(it)).toEqual(['POST /issues']);
  });

  test('a label dropped silently stops nothing, and that is said', async () => {
    const it = await scene(json(201, issue({ labels: [] })));
    expect(await it.hosting.openStop({ title: 'Broken', body: 'Why' })).toBeUndefined();
    expect(it.warnings).toEqual([expect.stringContaining('line-stopped')]);
  });

  test('after a lost answer no pull request is taken for the issue', async () => {
    const it = await scene(
      reset,
      json(200, [issue({ pull_request: {}, html_url: 'https://github.test/pr' }), issue({ title: 'Other' }), issue()])
    );
    expect(await it.hosting.openStop({ title: 'Broken', body: 'Why' })).toBe('https://github.test/acme/shop/issues/4');
  });
});

test.each([true, false])('a release becomes a full one, and the latest: %s', async (latest) => {
  const shown = { id: 3, tag_name: 'v1.4.2', draft: false, html_url: 'https://github.test/r/3', upload_url: 'x' };
  const it = await scene(json(200, shown));
  await it.hosting.makeFull(3, latest);
  expect(asked(it)).toEqual(['PATCH /releases/3']);
  expect(bodyOf(it, 0)).toEqual({ prerelease: false, make_latest: String(latest) });
});

describe('a tag', () => {
  const tag = { name: 'v1.4.2', commit, message: 'Version 1.4.2', date: '2026-11-23T12:00:00Z' };
  const object = json(201, { sha: 'f'.repeat(40) });
  const ref = (sha = 'f'.repeat(40)): object => ({ ref: 'refs/tags/v1.4.2', object: { type: 'tag', sha } });

  test('is an annotated one by the workflow, then a reference', async () => {
    const it = await scene(object, json(201, ref()));
    expect(await it.hosting.createTag(tag)).toBe('created');
    expect(asked(it)).toEqual(['POST /git/tags', 'POST /git/refs']);
    expect(bodyOf(it, 0)).toMatchObject({
      tag: 'v1.4.2',
      object: commit,
      type: 'commit',
      tagger: { name: 'github-actions[bot]', date: '2026-11-23T12:00:00.000Z' }
    });
    expect(bodyOf(it, 1)).toEqual({ ref: 'refs/tags/v1.4.2', sha: 'f'.repeat(40) });
  });

  test('somebody else was first', async () => {
    const it = await scene(object, json(422, { message: 'Reference already exists' }));
    expect(await it.hosting.createTag(tag)).toBe('exists');
  });

  test.each([
    ['f', 'created'],
    ['e', 'exists']
  ])('after a lost answer the reference tells whose it is (%s)', async (digit, expected) => {
    const it = await scene(object, reset, json(200, ref(digit.repeat(40))));
    expect(await it.hosting.createTag(tag)).toBe(expected);
  });

  test.each([
    [422, 'Repository rule violations found\n\nCannot create ref due to creations being restricted.', 'forbids'],
    [422, 'tag_name was used by an immutable release', 'stays used']
  ])('%i "%s" comes with advice', async (status, message, words) => {
    const it = await scene(object, json(status, { message }));
    expect(await refusalOf(it.hosting.createTag(tag))).toMatchObject({
      code: 'hosting-failed',
      details: { problem: expect.stringContaining(words) }
    });
  });
});

test.each([
  ['its newest status', [{ state: 'success', description: null }], 'success'],
  ['pending while nobody has written one', [], 'pending'],
  ['pending for a state that is none of ours', [{ state: 'someday', description: '' }], 'pending']
])('what a record says now is %s, asked by its number', async (_, statuses, state) => {
  const it = await scene(json(200, statuses));
  expect(await it.hosting.recordState(11)).toBe(state);
  expect(asked(it)).toEqual(['GET /deployments/11/statuses?per_page=1']);
});
