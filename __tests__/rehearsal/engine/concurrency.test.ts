import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Rehearsal, RunView } from '../../../rehearsal/engine/index.ts';
import { open as openAny, pushOne, results } from './open.ts';
import type { Opening } from './open.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'concurrency-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (workflows: Readonly<Record<string, string>>, options: Opening = {}): Promise<Rehearsal> =>
  openAny(workflows, { machineEnvironment: { DIRECTORY: directory }, ...options });

/** A step that says it has begun, and ends when the test lets it. */
const HOLD = 'touch "$DIRECTORY/begun"; until [ -e "$DIRECTORY/free" ]; do sleep 0.02; done';
const begun = async (): Promise<void> => {
  while (!existsSync(join(directory, 'begun'))) await pause(10);
};
const free = (): void => writeFileSync(join(directory, 'free'), '');

const PATIENCE = { patience: { interrupt: 100, terminate: 100 } };
/** Three runs; the first holds on. */
const three = async (rehearsal: Rehearsal): Promise<readonly [RunView, RunView, RunView]> => {
  const one = await pushOne(rehearsal, 'one');
  await rehearsal.waitFor(one, { job: 'work', status: 'in_progress' });
  const two = await pushOne(rehearsal, 'two');
  return [one, two, await pushOne(rehearsal, 'three')];
};
const line = (concurrency: string): string =>
  `on: push\nconcurrency: ${concurrency}\njobs:\n  work: { runs-on: ubuntu-latest, steps: [{ run: '${HOLD}' }] }\n`;

describe('concurrency of whole runs', () => {
  test('one runs, one waits, and a newer one takes the place of the one that waits', async () => {
    const rehearsal = await open({ 'ci.yml': line('line') });
    const [one, two, three_] = await three(rehearsal);
    expect((await rehearsal.waitFor(two, 'completed')).conclusion).toBe('cancelled');
    expect(rehearsal.jobs(two)).toEqual([]);
    expect(rehearsal.run(three_).status).toBe('pending');
    free();
    expect((await rehearsal.waitFor(one, 'completed')).conclusion).toBe('success');
    expect((await rehearsal.waitFor(three_, 'completed')).conclusion).toBe('success');
    const when = (run: RunView, what: string): number =>
      rehearsal
        .timeline(run)
        .find((entry) => entry.what === what && entry.job === undefined)
        ?.at.getTime() ?? Number.NaN;
    expect(when(three_, 'started')).toBeGreaterThanOrEqual(when(one, 'success'));
  });

  test('queue: max loses nobody', async () => {
    const rehearsal = await open({ 'ci.yml': line('{ group: line, queue: max }') });
    const runs = await three(rehearsal);
    free();
    for (const run of runs) expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
  });

  test('cancel-in-progress ends the one that runs; the name may be an expression and differ by case', async () => {
    const rehearsal = await open(
      { 'ci.yml': line('{ group: "LINE-${{ github.ref_name }}", cancel-in-progress: true }') },
      PATIENCE
    );
    const one = await pushOne(rehearsal, 'one');
    await begun();
    const two = await pushOne(rehearsal, 'two');
    expect((await rehearsal.waitFor(one, 'completed')).conclusion).toBe('cancelled');
    expect(rehearsal.job(one, 'work').steps[0]?.outcome).toBe('cancelled');
    await rehearsal.waitFor(two, { job: 'work', status: 'in_progress' });
    rehearsal.cancel(two);
  });

  test('a run that waits for approval holds its group', async () => {
    const rehearsal = await open(
      {
        'ci.yml':
          'on: push\nconcurrency: line\njobs:\n  ship: { runs-on: ubuntu-latest, environment: { name: p, deployment: false }, steps: [{ run: echo }] }\n'
      },
      { environments: { p: { reviewers: ['bruno'] } } }
    );
    const one = await rehearsal.waitFor(await pushOne(rehearsal, 'one'), { environment: 'p' });
    const two = await rehearsal.waitFor(await pushOne(rehearsal, 'two'), 'pending');
    expect(rehearsal.jobs(two)).toEqual([]);
    rehearsal.approve(one, 'p', 'bruno');
    await rehearsal.waitFor(two, { environment: 'p' });
  });

  test('queue: max with cancel-in-progress is refused', async () => {
    const rehearsal = await open({ 'ci.yml': line('{ group: x, queue: max, cancel-in-progress: true }') });
    const run = await pushOne(rehearsal);
    await expect(rehearsal.waitFor(run, 'completed')).rejects.toThrow('not allowed together');
  });
});

describe('concurrency of jobs', () => {
  const ship = (concurrency: string): string =>
    `on: push
jobs:
  ask: { runs-on: ubuntu-latest, steps: [{ run: echo }] }
  ship:
    needs: ask
    runs-on: ubuntu-latest
    concurrency: ${concurrency}
    environment: { name: p, deployment: false }
    steps: [{ run: '${HOLD}' }]
`;

  test('a job that waits for approval stands in its group as pending: a newer run takes its place', async () => {
    const rehearsal = await open({ 'ci.yml': ship('deploy') }, { environments: { p: { reviewers: ['bruno'] } } });
    const one = await rehearsal.waitFor(await pushOne(rehearsal, 'one'), { environment: 'p' });
    const two = await rehearsal.waitFor(await pushOne(rehearsal, 'two'), { environment: 'p' });
    expect((await rehearsal.waitFor(one, 'completed')).conclusion).toBe('cancelled');
    expect(results(rehearsal, one)).toEqual({ ask: 'success', ship: 'cancelled' });
    expect(rehearsal.job(one, 'ship').annotations[0]?.message).toMatch('higher priority waiting request for deploy');
    rehearsal.approve(two, 'p', 'bruno');
    free();
    expect((await rehearsal.waitFor(two, 'completed')).conclusion).toBe('success');
  });

  test('with queue: max both are asked about, and run one after the other', async () => {
    const rehearsal = await open(
      { 'ci.yml': ship('{ group: Deploy, queue: max }') },
      { environments: { p: { reviewers: ['bruno'] } } }
    );
    const one = await rehearsal.waitFor(await pushOne(rehearsal, 'one'), { environment: 'p' });
    const two = await rehearsal.waitFor(await pushOne(rehearsal, 'two'), { environment: 'p' });
    rehearsal.approve(two, 'p', 'bruno');
    await rehearsal.waitFor(two, { job: 'ship', status: 'in_progress' });
    rehearsal.approve(one, 'p', 'bruno');
    await rehearsal.waitFor(one, { job: 'ship', status: 'pending' });
    free();
    expect((await rehearsal.waitFor(two, 'completed')).conclusion).toBe('success');
    expect((await rehearsal.waitFor(one, 'completed')).conclusion).toBe('success');
  });

  test('a job in the group of its own run is cancelled instead of waiting for ever', async () => {
    const rehearsal = await open({
      'ci.yml':
        'on: push\nconcurrency: Line\njobs: { a: { runs-on: ubuntu-latest, concurrency: line, steps: [{ run: echo }] } }\n'
    });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(rehearsal.job(run, 'a')).toMatchObject({
      result: 'cancelled',
      annotations: [{ message: expect.stringMatching('deadlock') }]
    });
  });
});
