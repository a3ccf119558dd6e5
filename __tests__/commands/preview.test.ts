import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { down } from '../../src/commands/down.ts';
import { up } from '../../src/commands/up.ts';
import type { PreviewCommand, Surroundings } from '../../src/domain/command.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { inRun, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const HEAD = 'b'.repeat(40);
const SCRIPTS = { up: './up.sh', down: './down.sh', expiresSeconds: 3 * 86_400, timeoutSeconds: 60 };
const COMMON = { config: '.github/delivery.yml', dryRun: false } as const;
const UP: PreviewCommand = { name: 'up', ...COMMON };
const DOWN: PreviewCommand = { name: 'down', ...COMMON };

const opened = async (): Promise<World> => {
  const base = await world({ preview: SCRIPTS });
  base.hosting.pullRequests.set(12, { number: 12, open: true, head: HEAD, fork: false });
  return base;
};

/** A run that an event of pull request 12 started. */
const onPull = async (base: World, action: string, { run = 200, head = HEAD } = {}): Promise<World> => {
  const eventFile = join(base.surroundings.temporary, `event-${run}-${action}.json`);
  await writeFile(eventFile, JSON.stringify({ action, number: 12, pull_request: { head: { sha: head } } }));
  return ofRun(base, run, { event: 'pull_request', eventFile });
};

const ofRun = (base: World, run: number, rest: Partial<Surroundings> = {}): World =>
  inRun(base, { id: run, attempt: 1, url: `https://hub.test/runs/${run}` }, rest);

const close = ({ hosting }: World): void => {
  hosting.pullRequests.set(12, { number: 12, open: false, head: HEAD, fork: false });
};

const states = ({ hosting }: World): readonly string[] =>
  hosting.previews.map(({ payload, state }) => `${payload.kind} ${payload.pull} ${state}`);

const codeOf = async (work: Promise<Outcome>): Promise<string> => {
  const ended: unknown = await work.catch((error: unknown) => error);
  if (ended instanceof Refusal) return ended.reason.code;
  if (ended instanceof Error) throw ended;
  const { verdict, reason } = await work;
  return `${verdict} ${reason.code}`;
};

/** The run ends without a word while its script is at work. */
const die = async (base: World, work: (run: World) => Promise<Outcome>, run: World): Promise<void> => {
  const stopped = new Error('the machine is gone');
  base.target.meanwhile = () => {
    base.hosting.before = () => {
      throw stopped;
    };
    throw stopped;
  };
  await expect(work(run)).rejects.toThrow(stopped);
  base.target.meanwhile = () => undefined;
  base.hosting.before = () => undefined;
  base.hosting.overRuns.add(run.surroundings.run.id);
};

describe('up', () => {
  test('makes the preview of the pull request of the event, and its record says so', async () => {
    const base = await opened();
    const outcome = await up(await onPull(base, 'opened'), UP);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'preview-up' },
      environment: 'pr-12',
      commit: HEAD
    });
    expect(states(base)).toEqual(['up 12 success']);
    expect(base.hosting.previews[0]).toMatchObject({
      commit: HEAD,
      payload: { expires: '2026-11-27T12:00:00.000Z', requestedBy: 'ana', run: { id: 200 } }
    });
    expect(base.target.tasks).toMatchObject([
      {
        label: 'up',
        script: './up.sh',
        directory: base.surroundings.workspace,
        timeoutSeconds: 60,
        variables: {
          DELIVERY_ENVIRONMENT: 'pr-12',
          DELIVERY_COMMIT: HEAD,
          DELIVERY_VERSION: '0.0.0-pr.12.gbbbbbbb',
          DELIVERY_KIND: 'deploy',
          DELIVERY_FILES: base.surroundings.workspace
        }
      }
    ]);
  });

  test('takes five calls, and says for how long it stays', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), { ...UP, expiresSeconds: 3600 });
    expect(base.hosting.calls).toEqual([
      'previewFacts',
      'createPreviewRecord',
      'previewFacts',
      'setStatus in_progress',
      'setStatus success'
    ]);
    expect(base.hosting.previews[0]?.payload.expires).toBe('2026-11-24T13:00:00.000Z');
  });

  test('of the next commit replaces the record before', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    const next = 'd'.repeat(40);
    base.hosting.pullRequests.set(12, { number: 12, open: true, head: next, fork: false });
    await up(await onPull(base, 'synchronize', { run: 201, head: next }), UP);
    expect(states(base)).toEqual(['up 12 inactive', 'up 12 success']);
    expect(base.target.running.get('pr-12')).toBe('0.0.0-pr.12.gddddddd');
  });

  test('of the same commit again does nothing', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    const [made] = base.hosting.previews;
    if (made !== undefined) base.hosting.previews[0] = { ...made, url: 'https://pr-12.example.com/' };
    const again = await up(await onPull(base, 'reopened', { run: 201 }), UP);
    expect(again).toMatchObject({ verdict: 'nothing-to-do', reason: { code: 'preview-there' } });
    expect(again.environmentUrl).toBe('https://pr-12.example.com/');
    expect(states(base)).toEqual(['up 12 success']);
  });

  test('of a commit that is not the newest any more files nothing', async () => {
    const base = await opened();
    const run = await onPull(base, 'synchronize', { head: 'a'.repeat(40) });
    expect(await codeOf(up(run, UP))).toBe('nothing-to-do pull-moved');
    expect(states(base)).toEqual([]);
  });

  test('by hand names the pull request', async () => {
    const base = await opened();
    expect(await codeOf(up(base, { ...UP, pull: 12 }))).toBe('done preview-up');
  });

  test('in a run about no pull request asks for its number', async () => {
    expect(await codeOf(up(await opened(), UP))).toBe('invalid-input');
  });

  test.each(['/nowhere/event.json', '/dev/zero', '/tmp'])('%s is no event, and nothing is done', async (eventFile) => {
    const base = await opened();
    for (const work of [up, down])
      expect(await codeOf(work(ofRun(base, 200, { event: 'pull_request', eventFile }), UP))).toBe('invalid-input');
    expect(base.hosting.calls).toEqual([]);
  });

  test('without its section says what to write', async () => {
    expect(await codeOf(up(await world(), { ...UP, pull: 12 }))).toBe('preview-undefined');
  });

  test('as a dry run decides and changes nothing', async () => {
    const base = await opened();
    expect(await codeOf(up(base, { ...UP, pull: 12, dryRun: true }))).toBe('done dry-run');
    expect(base.hosting.calls).toEqual(['previewFacts']);
  });

  test('fails with its script, and leaves the record as a failure', async () => {
    const base = await opened();
    base.target.brokenSteps.add('up');
    const outcome = await up(await onPull(base, 'opened'), UP);
    expect(outcome).toMatchObject({
      verdict: 'failed',
      reason: { code: 'preview-failed', details: { problem: 'exit code 4' } }
    });
    expect(states(base)).toEqual(['up 12 failure']);
  });

  test('stops under its ticket when the pull request was closed meanwhile (promise R5)', async () => {
    const base = await opened();
    base.hosting.before = (call) => {
      if (call === 'createPreviewRecord') close(base);
    };
    expect(await codeOf(up(await onPull(base, 'opened'), UP))).toBe('nothing-to-do pull-closed');
    expect(states(base)).toEqual(['up 12 inactive']);
    expect(base.target.tasks).toEqual([]);
  });

  test('cancelled at work closes its record', async () => {
    const base = await opened();
    base.target.cancelOn = 'up';
    expect(await codeOf(up(await onPull(base, 'opened'), UP))).toBe('cancelled');
    expect(states(base)).toEqual(['up 12 error']);
  });

  test('that breaks off before its script leaves the preview as it was', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    const next = 'd'.repeat(40);
    base.hosting.pullRequests.set(12, { number: 12, open: true, head: next, fork: false });
    let looks = 0;
    base.hosting.before = (call) => {
      looks += call === 'previewFacts' ? 1 : 0;
      if (looks === 2) {
        looks += 1;
        throw new Error('no answer');
      }
    };
    await expect(up(await onPull(base, 'synchronize', { run: 201, head: next }), UP)).rejects.toThrow('no answer');
    expect(states(base)).toEqual(['up 12 success', 'up 12 inactive']);
  });
});

describe('a run that died (promise R7)', () => {
  test('is found by the next commit, which closes its record, goes on from what is there and says so', async () => {
    const base = await opened();
    await die(base, (run) => up(run, UP), await onPull(base, 'opened'));
    expect(states(base)).toEqual(['up 12 in_progress']);
    const outcome = await up(await onPull(base, 'synchronize', { run: 201 }), UP);
    expect(outcome).toMatchObject({
      verdict: 'done',
      notes: expect.arrayContaining([{ kind: 'preview-taken-over', record: '1', preview: 'pr-12' }]) as unknown
    });
    expect(states(base)).toEqual(['up 12 inactive', 'up 12 success']);
  });

  test('is found by its own next attempt', async () => {
    const base = await opened();
    const run = await onPull(base, 'opened');
    await die(base, (each) => up(each, UP), run);
    base.hosting.overRuns.clear();
    expect(await codeOf(up(inRun(run, { attempt: 2 }), UP))).toBe('done preview-up');
    expect(states(base)).toEqual(['up 12 inactive', 'up 12 success']);
  });

  test('is found by the daily run, which takes down what it left half made', async () => {
    const base = await opened();
    await die(base, (run) => up(run, UP), await onPull(base, 'opened'));
    base.target.running.set('pr-12', 'half');
    const outcome = await down(ofRun(base, 300, { event: 'schedule' }), DOWN);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'previews-down', details: { previews: 'pr-12' } }
    });
    expect(outcome.notes).toContainEqual({ kind: 'preview-gone', preview: 'pr-12', why: 'abandoned' });
    expect(states(base)).toEqual(['up 12 inactive', 'down 12 inactive']);
    expect(base.target.running.has('pr-12')).toBe(false);
  });

  test('while taking it down is found, and taking it down is finished', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    close(base);
    await die(base, (run) => down(run, DOWN), await onPull(base, 'closed', { run: 201 }));
    expect(await codeOf(down(ofRun(base, 300, { event: 'schedule' }), DOWN))).toBe('done previews-down');
    expect(states(base)).toEqual(['up 12 inactive', 'down 12 inactive', 'down 12 inactive']);
  });

  test('before its script began changed nothing: its record is closed, the preview stays', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    const payload = base.hosting.previews[0]?.payload;
    if (payload === undefined) throw new Error('no preview');
    const run = { id: 250, attempt: 1, url: 'https://hub.test/runs/250' };
    await base.hosting.createPreviewRecord({ commit: HEAD, description: '', payload: { ...payload, run } });
    base.hosting.overRuns.add(250);
    const outcome = await down(ofRun(base, 300, { event: 'schedule' }), DOWN);
    expect(outcome).toMatchObject({ verdict: 'nothing-to-do', reason: { code: 'previews-wanted' } });
    expect(outcome.notes).toEqual([{ kind: 'preview-taken-over', record: '2', preview: 'pr-12' }]);
    expect(states(base)).toEqual(['up 12 success', 'up 12 inactive']);
  });

  test('is left alone while GitHub says that it lives', async () => {
    const base = await opened();
    await die(base, (run) => up(run, UP), await onPull(base, 'opened'));
    base.hosting.overRuns.clear();
    const outcome = await down(ofRun(base, 300, { event: 'schedule' }), DOWN);
    expect(outcome.notes).toEqual([{ kind: 'preview-busy', preview: 'pr-12', run: 'https://hub.test/runs/200' }]);
    expect(states(base)).toEqual(['up 12 in_progress']);
  });

  test('a success that a lagging list hides is not made an error, and the preview stays', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    base.hosting.overRuns.add(200);
    const previewFacts = base.hosting.previewFacts.bind(base.hosting);
    let looks = 0;
    base.hosting.previewFacts = async (question) => {
      const answer = await previewFacts(question);
      looks += 1;
      const hidden = ({ state }: (typeof answer.records)[number]): boolean => state === 'success' && looks <= 4;
      const records = answer.records.map((each) => (hidden(each) ? { ...each, state: 'in_progress' as const } : each));
      return { ...answer, records };
    };
    const outcome = await down(ofRun(base, 300, { event: 'schedule' }), DOWN);
    expect(outcome).toMatchObject({ verdict: 'nothing-to-do', reason: { code: 'previews-wanted' } });
    expect(states(base)).toEqual(['up 12 success', 'down 12 inactive']);
    expect(base.target.tasks.map(({ label }) => label)).toEqual(['up']);
  });
});

describe('one after the other (promise R1)', () => {
  test('a second run waits until the first has ended', async () => {
    const base = await opened();
    const [first, second] = [await onPull(base, 'opened'), await onPull(base, 'synchronize', { run: 201 })];
    let other: Promise<Outcome> | undefined;
    base.target.meanwhile = () => {
      base.target.meanwhile = () => undefined;
      other = down(second, { ...DOWN, pull: 12 });
    };
    await up(first, UP);
    expect((await other)?.reason.code).toBe('preview-down');
    expect(base.target.tasks.map(({ label }) => label)).toEqual(['up', 'down']);
    expect(states(base)).toEqual(['up 12 inactive', 'down 12 inactive']);
  });

  test('two previews do not wait for each other', async () => {
    const base = await opened();
    base.hosting.pullRequests.set(13, { number: 13, open: true, head: HEAD, fork: false });
    let other: Promise<Outcome> | undefined;
    base.target.meanwhile = () => {
      base.target.meanwhile = () => undefined;
      other = up(ofRun(base, 201), { ...UP, pull: 13 });
    };
    await up(await onPull(base, 'opened'), UP);
    expect((await other)?.reason.code).toBe('preview-up');
    expect(base.hosting.calls).not.toContain('setStatus queued');
  });
});

describe('down', () => {
  test('takes down the preview of the pull request that was closed', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    close(base);
    const outcome = await down(await onPull(base, 'closed', { run: 201 }), DOWN);
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'preview-down' }, environment: 'pr-12' });
    expect(states(base)).toEqual(['up 12 inactive', 'down 12 inactive']);
    expect(base.target.tasks.at(-1)).toMatchObject({
      label: 'down',
      variables: { DELIVERY_COMMIT: HEAD, DELIVERY_KIND: '' }
    });
    expect(base.target.running.has('pr-12')).toBe(false);
  });

  test('leaves a pull request alone that is open again', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    expect(await codeOf(down(await onPull(base, 'closed', { run: 201 }), DOWN))).toBe('nothing-to-do preview-wanted');
  });

  test('of none does nothing', async () => {
    const base = await opened();
    close(base);
    const outcome = await down(await onPull(base, 'closed'), DOWN);
    expect(outcome).toMatchObject({ verdict: 'nothing-to-do', reason: { code: 'preview-absent' } });
    expect(outcome).not.toHaveProperty('commit');
    expect(base.hosting.calls).toEqual(['previewFacts']);
  });

  test('finds a preview behind hundreds of newer records', async () => {
    const base = await opened();
    base.hosting.perPage = 2;
    await up(await onPull(base, 'opened'), UP);
    for (let pull = 20; pull < 25; pull += 1) {
      base.hosting.pullRequests.set(pull, { number: pull, open: true, head: HEAD, fork: false });
      await up(ofRun(base, pull), { ...UP, pull });
    }
    expect(await codeOf(down(ofRun(base, 300), { ...DOWN, pull: 12 }))).toBe('done preview-down');
    expect(states(base)[0]).toBe('up 12 inactive');
  });

  test('that fails says so, and the next one tries again', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    close(base);
    base.target.brokenSteps.add('down');
    expect(await codeOf(down(await onPull(base, 'closed', { run: 201 }), DOWN))).toBe('failed preview-not-down');
    expect(states(base)).toEqual(['up 12 success', 'down 12 failure']);
    base.target.brokenSteps.clear();
    expect(await codeOf(down(ofRun(base, 300, { event: 'schedule' }), DOWN))).toBe('done previews-down');
    expect(states(base)).toEqual(['up 12 inactive', 'down 12 inactive', 'down 12 inactive']);
  });

  test('of all takes down what nobody wants, and one that fails does not keep the others', async () => {
    const base = await opened();
    for (const pull of [12, 13, 14]) {
      base.hosting.pullRequests.set(pull, { number: pull, open: true, head: HEAD, fork: false });
      await up(ofRun(base, pull), { ...UP, pull });
    }
    for (const pull of [12, 14])
      base.hosting.pullRequests.set(pull, { number: pull, open: false, head: HEAD, fork: false });
    const run = ofRun(base, 300, { event: 'schedule' });
    base.target.brokenFor.add('pr-12');
    const outcome = await down(run, DOWN);
    expect(outcome).toMatchObject({
      verdict: 'failed',
      reason: { code: 'previews-not-down', details: { previews: 'pr-12' } }
    });
    expect(states(base).slice(0, 3)).toEqual(['up 12 success', 'up 13 success', 'up 14 inactive']);
  });

  test('of all takes down what is past its time, and not before', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), { ...UP, expiresSeconds: 60 });
    const daily = ofRun(base, 300, { event: 'schedule' });
    expect(await codeOf(down(daily, DOWN))).toBe('nothing-to-do previews-wanted');
    await base.clock.sleep(61);
    const outcome = await down(daily, DOWN);
    expect(outcome.notes).toContainEqual({ kind: 'preview-gone', preview: 'pr-12', why: 'expired' });
    expect(states(base)).toEqual(['up 12 inactive', 'down 12 inactive']);
  });

  test('of all keeps what was made anew while it waited', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), { ...UP, expiresSeconds: 60 });
    await base.clock.sleep(61);
    const renewed = base.hosting.previews[0]?.payload;
    if (renewed === undefined) throw new Error('no preview');
    base.hosting.before = (call) => {
      if (call !== 'createPreviewRecord') return;
      base.hosting.before = () => undefined;
      const id = 77;
      const payload = { ...renewed, expires: '2030-01-01T00:00:00.000Z' };
      base.hosting.previews.push({ id, commit: HEAD, state: 'success', createdAt: '2026-11-24T12:00:00Z', payload });
    };
    expect(await codeOf(down(ofRun(base, 300, { event: 'schedule' }), DOWN))).toBe('nothing-to-do previews-wanted');
    expect(base.target.tasks.map(({ label }) => label)).toEqual(['up']);
  });

  test('of all as a dry run says what would go', async () => {
    const base = await opened();
    await up(await onPull(base, 'opened'), UP);
    close(base);
    const outcome = await down(ofRun(base, 300, { event: 'schedule' }), { ...DOWN, dryRun: true });
    expect(outcome).toMatchObject({
      reason: { code: 'dry-run' },
      notes: [{ kind: 'preview-gone', preview: 'pr-12', why: 'closed' }]
    });
    expect(states(base)).toEqual(['up 12 success']);
  });
});
