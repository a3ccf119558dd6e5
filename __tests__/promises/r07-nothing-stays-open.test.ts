// R7: no orphaned record, ticket or preview outlives its run.
import fc from 'fast-check';
import { expect, jest, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { Refusal, reason } from '../../src/domain/refusal.ts';
import { isOpen } from '../../src/rules/live.ts';
import { asking } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { PULLS, openedPreviews, playPreview, previewStory, sweep } from './previews.ts';
import { newRun, opened, play, recordsIn, story } from './story.ts';

jest.setTimeout(120_000);

test('a call that fails at any place: the run itself closes its record before it ends', async () => {
  for (let k = 1; k <= 6; k += 1) {
    for (const sick of [false, true]) {
      const base = await opened();
      if (sick) base.target.sick.add('1.1.0');
      let calls = 0;
      base.hosting.before = () => {
        calls += 1;
        if (calls === k) throw new Error('502');
      };
      await deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' })).catch(() => undefined);
      expect({ k, sick, open: recordsIn(base, 'staging').filter(isOpen) }).toEqual({ k, sick, open: [] });
    }
  }
});

test('a script that is cancelled: the record is closed', async () => {
  for (const label of ['deploy', 'verify']) {
    const base = await opened();
    base.target.cancelOn = label;
    const work = deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' }));
    await expect(work).rejects.toBeInstanceOf(Refusal);
    expect(recordsIn(base, 'staging').map(({ state }) => state)).toEqual(['error']);
  }
});

test('runs that die anywhere: once each was started again, nothing is open', async () => {
  await fc.assert(
    fc.asyncProperty(story({ dying: true }), async (steps) => {
      const base = await opened();
      await play(base, steps, ({ step }) => {
        expect({ step, open: base.hosting.all.filter(isOpen) }).toEqual({ step, open: [] });
      });
    }),
    { numRuns: 100 }
  );
});

test('a run that died and never comes back: the next delivery proves it dead, closes its record and says so', async () => {
  for (let k = 4; k <= 7; k += 1) {
    const base = await opened();
    const dead = newRun(base, false);
    let calls = 0;
    base.hosting.before = () => {
      calls += 1;
      if (calls >= k) throw new Error('killed');
    };
    await deploy(dead, asking('1.0.0', { environment: 'staging' })).catch(() => undefined);
    base.hosting.before = () => undefined;
    const left = recordsIn(base, 'staging').filter(isOpen);
    base.hosting.overRuns.add(dead.surroundings.run.id);
    const outcome = await deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' }));
    expect({ k, open: base.hosting.all.filter(isOpen), verdict: outcome.verdict }).toEqual({
      k,
      open: [],
      verdict: 'done'
    });
    expect(outcome.notes?.filter(({ kind }) => kind === 'took-over')).toHaveLength(left.length);
  }
});

test('a cancelled run that GitHub does not answer any more: it says that the record stayed open, and the next run closes it', async () => {
  const base = await opened();
  const run = newRun(base, false);
  const cancel = new AbortController();
  const shell: World['ports']['shell'] = {
    run: async () => {
      cancel.abort();
      base.hosting.before = () => {
        throw new Refusal(reason('hosting-failed', { call: 'setStatus', problem: 'no time left' }));
      };
      return { ending: { kind: 'cancelled' } };
    }
  };
  const staging = { environment: 'staging' };
  const cut = { ...run, ports: { ...run.ports, shell, signal: cancel.signal } };
  const outcome = await deploy(cut, asking('1.0.0', staging));
  base.hosting.before = () => undefined;
  const [record] = recordsIn(base, 'staging');
  expect(outcome).toMatchObject({ verdict: 'failed', reason: { code: 'cancelled' }, deployment: record?.id });
  expect(outcome.notes).toContainEqual({
    kind: 'record-left-open',
    record: String(record?.id),
    environment: 'staging'
  });
  base.hosting.overRuns.add(run.surroundings.run.id);
  await deploy(newRun(base, false), asking('1.1.0', staging));
  expect(recordsIn(base, 'staging').map(({ state }) => state)).toEqual(['success', 'error']);
});

test('previews: whatever dies anywhere, the daily run finds it; nothing stays open, and what stands is wanted', async () => {
  await fc.assert(
    fc.asyncProperty(previewStory, async (steps) => {
      const base = await openedPreviews();
      for (const step of steps) await playPreview(base, step);
      await sweep(base);
      const { previews, pullRequests } = base.hosting;
      expect(previews.filter(isOpen)).toEqual([]);
      for (const pull of PULLS) {
        const stands = base.target.running.has(`pr-${pull}`);
        const recorded = previews.some((each) => each.payload.pull === pull && each.state !== 'inactive');
        expect({ pull, stands: stands && !recorded }).toEqual({ pull, stands: false });
        expect({ pull, leaks: stands && pullRequests.get(pull)?.open !== true }).toEqual({ pull, leaks: false });
      }
    }),
    { numRuns: 150 }
  );
});

test('previews: a run that died while it made one; the daily run takes down what is half there and says so', async () => {
  for (let k = 1; k <= 5; k += 1) {
    const base = await openedPreviews();
    await playPreview(base, { kind: 'up', pull: 12, diesAt: k });
    const touched = base.target.tasks.length > 0 || base.hosting.previews.some(({ state }) => state === 'in_progress');
    const outcome = await sweep(base);
    expect(base.hosting.previews.filter(isOpen)).toEqual([]);
    const gone = outcome?.notes?.some(({ kind }) => kind === 'preview-gone') ?? false;
    const done = base.hosting.previews.some(({ state }) => state === 'success');
    expect({ k, gone }).toEqual({ k, gone: touched && !done });
  }
});
