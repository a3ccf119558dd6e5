import { describe, expect, test } from '@jest/globals';
import { scenes, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { json } from './scripted-server.ts';
import type { Step } from './scripted-server.ts';

const openScene = scenes();
const scene = (...steps: Step[]): Promise<Scene> => openScene(() => steps);

const run = (id: number, more: object = {}): object => ({
  id,
  run_number: id,
  workflow_id: 7,
  event: 'push',
  html_url: `https://github.test/runs/${id}`,
  ...more
});
const jobs = (total: number, ...statuses: string[]): Step =>
  json(200, { total_count: total, jobs: statuses.map((status) => ({ status })) });

describe('runs that wait', () => {
  test('are those of our own workflow, without our own run', async () => {
    const { hosting, server } = await scene(
      json(200, run(5)),
      json(200, { total_count: 2, workflow_runs: [run(5), run(4)] })
    );
    expect(await hosting.waiting(5)).toEqual({
      ours: 5,
      runs: [{ id: 4, number: 4, event: 'push', url: 'https://github.test/runs/4' }]
    });
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/repos/acme/shop/actions/runs/5',
      '/repos/acme/shop/actions/workflows/7/runs?status=waiting&per_page=100'
    ]);
  });

  test.each(['in_progress', 'queued', 'pending', 'requested'])('with a job that is %s are at work', async (status) => {
    const { hosting, server } = await scene(jobs(2, 'waiting', status));
    expect(await hosting.atGates(4)).toEqual({ kind: 'working' });
    expect(server.seen).toHaveLength(1);
  });

  test('with more jobs than one page shows cannot be known to rest', async () => {
    const { hosting } = await scene(jobs(101, 'waiting'));
    expect(await hosting.atGates(4)).toEqual({ kind: 'working' });
  });

  test('name the environments they wait for', async () => {
    const pending = [{ environment: { name: 'production' } }, { environment: {} }];
    const { hosting } = await scene(jobs(2, 'waiting', 'completed'), json(200, pending));
    expect(await hosting.atGates(4)).toEqual({ kind: 'waiting', environments: ['production', ''] });
  });
});

describe('cancelling', () => {
  test('is done, or was not needed any more', async () => {
    const { hosting, server } = await scene(json(202, {}), json(409, { message: 'Cannot cancel a workflow run' }));
    expect([await hosting.cancelRun(4), await hosting.cancelRun(4)]).toEqual(['cancelled', 'over']);
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/repos/acme/shop/actions/runs/4/cancel' });
  });

  test('without the permission says which one', async () => {
    const { hosting } = await scene(json(403, { message: 'Resource not accessible by integration' }));
    expect(await refusalOf(hosting.cancelRun(4))).toMatchObject({
      code: 'permission-missing',
      details: { permission: 'actions: write' }
    });
  });

  test('an answer of another status is asked again', async () => {
    const { hosting, server } = await scene(json(200, {}), json(202, {}));
    expect(await hosting.cancelRun(4)).toBe('cancelled');
    expect(server.seen).toHaveLength(2);
  });
});

test.each([
  [{ private: true, visibility: 'private' }, 'private'],
  [{ private: true, visibility: 'internal' }, 'public'],
  [{ private: false, visibility: 'public' }, 'public'],
  [{ private: true }, 'private'],
  [{ private: false }, 'public']
])('%j is %s', async (repository, visibility) => {
  const { hosting } = await scene(json(200, repository));
  expect(await hosting.visibility()).toBe(visibility);
});
