import { describe, expect, test } from '@jest/globals';
import { refuse } from '../../src/domain/refusal.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { minutesAgo } from '../fakes/builders.ts';
import { world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { commitOf, delivered, publish, readBack, run } from './report-world.ts';

/** A version that is one squash merge for each of these pull requests, made so many minutes ago. */
const squashed = (made: World, version: string, minutes: number, pulls: readonly number[]): Promise<void> => {
  const changes = pulls.map((pull): ReleaseManifest['changes'][number] => ({
    commit: commitOf(`pull ${pull}`),
    type: 'feat',
    subject: `pull ${pull}`,
    breaking: false,
    author: 'ana',
    pull,
    date: minutesAgo(minutes)
  }));
  return publish(made, version, '1.0.0', minutes, changes);
};

const begin = (made: World, pull: number, minutes: number): void =>
  void made.hosting.pulls.set(pull, { mergeCommit: commitOf(`pull ${pull}`), firstCommitAt: minutesAgo(minutes) });

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

const started = async (): Promise<World> => {
  const made = await world();
  await publish(made, '1.0.0', null, 5000);
  delivered(made, 1, '1.0.0', 4900);
  return made;
};

const calls = (made: World): number => made.hosting.calls.filter((call) => call === 'pullStarts').length;

/** Reports again, and tells how many calls for pull requests it took. */
const counted = async (made: World): Promise<number> => {
  const before = calls(made);
  await run(made);
  return calls(made) - before;
};

describe('when work began', () => {
  test('is asked once, kept, and asked only of what is new afterwards', async () => {
    const made = await started();
    await squashed(made, '1.1.0', 300, [7, 8]);
    delivered(made, 2, '1.1.0', 240);
    begin(made, 7, 900);
    expect(await counted(made)).toBe(1);
    const first = await readBack(made);
    expect(first.history.unbegun).toBe(0);
    expect(first.changes.map(({ pull, begunBy }) => [pull?.number, begunBy])).toEqual([
      [7, 'pull-request'],
      [8, 'commit'],
      [undefined, 'commit']
    ]);
    expect(first.deliveries[0]?.changes.map(({ leadSeconds }) => leadSeconds / 60)).toEqual([660, 60]);
    expect(first.deliveries[0]?.changes.map(({ mergeSeconds }) => mergeSeconds / 60)).toEqual([60, 60]);
    begin(made, 8, 4000);
    expect(await counted(made)).toBe(0);
    expect((await readBack(made)).changes).toEqual(first.changes);
    await squashed(made, '1.2.0', 100, [9]);
    begin(made, 9, 200);
    expect(await counted(made)).toBe(1);
    expect((await readBack(made)).changes[0]).toMatchObject({ begunAt: minutesAgo(200), begunBy: 'pull-request' });
  });

  test('takes a call for a hundred, ten calls in one report, the newest first; the next one goes on', async () => {
    const made = await started();
    await squashed(made, '1.1.0', 300, numbers(2001, 2151));
    await squashed(made, '1.2.0', 200, numbers(1001, 1950));
    const first = await run(made);
    expect(calls(made)).toBe(10);
    expect(first.notes).toEqual([{ kind: 'beginnings-unread', changes: 99 }]);
    const { history, changes } = await readBack(made);
    expect(history.unbegun).toBe(99);
    const left = changes.filter(({ begunBy }) => begunBy === 'unread').map(({ pull }) => pull?.number);
    expect(new Set(left)).toEqual(new Set(numbers(2052, 2151)));
    expect(await counted(made)).toBe(1);
    expect((await readBack(made)).history.unbegun).toBe(0);
  });

  test('without the permission the report is written all the same, says so, and does not go on asking', async () => {
    const made = await started();
    await squashed(made, '1.1.0', 300, numbers(1, 251));
    made.hosting.mayReadPulls = false;
    const outcome = await run(made);
    expect(calls(made)).toBe(1);
    expect(outcome).toMatchObject({
      verdict: 'done',
      notes: [{ kind: 'beginnings-unseen', changes: 250, needs: 'pull-requests: read' }]
    });
    const { history, changes } = await readBack(made);
    expect(history.unbegun).toBe(250);
    expect(changes[0]).toMatchObject({ begunAt: minutesAgo(300), begunBy: 'unread' });
    made.hosting.mayReadPulls = true;
    expect(await counted(made)).toBe(3);
  });

  test('a GitHub that does not answer spoils nothing else, and is asked again by the next report', async () => {
    const made = await started();
    await squashed(made, '1.1.0', 300, numbers(1, 251));
    made.hosting.before = (call) => {
      if (call === 'pullStarts' && calls(made) === 2) throw refuse('hosting-failed', { call, problem: '502' });
    };
    expect((await run(made)).notes).toEqual([{ kind: 'beginnings-unread', changes: 150 }]);
    expect(calls(made)).toBe(2);
    made.hosting.before = () => undefined;
    expect(await counted(made)).toBe(2);
  });

  test('what is wrong with the run itself is told', async () => {
    const made = await started();
    await squashed(made, '1.1.0', 300, [1]);
    made.hosting.before = (call) => {
      if (call === 'pullStarts') throw refuse('token-refused', { call });
    };
    await expect(run(made)).rejects.toMatchObject({ reason: { code: 'token-refused' } });
  });

  test('nobody is asked about what lies before the windows', async () => {
    const made = await world();
    await squashed(made, '0.9.0', 100 * 24 * 60, [5]);
    await publish(made, '1.0.0', '0.9.0', 5000);
    delivered(made, 1, '1.0.0', 4900);
    expect(await counted(made)).toBe(0);
  });
});
