import { expect, test } from '@jest/globals';
import { createPhases } from '../../src/adapters/phases.ts';
import { PHASES } from '../../src/domain/phase.ts';
import { FakeClock } from '../fakes/world.ts';

test('a phase has its seconds, and says what it was when they are over', async () => {
  const clock = new FakeClock();
  const phases = createPhases(clock);
  await phases.during('facts', async () => {
    expect(phases.left()).toBe(PHASES.facts);
    await clock.sleep(PHASES.facts - 1);
    expect([phases.left(), phases.over('GET x')]).toEqual([1, undefined]);
    await clock.sleep(1);
    expect(phases.over('GET x')?.reason).toEqual({
      code: 'phase-timeout',
      details: { phase: 'facts', seconds: String(PHASES.facts), call: 'GET x' }
    });
  });
  expect([phases.left(), phases.over('GET x')]).toEqual([Infinity, undefined]);
});

test('a phase within another has a time of its own, and takes nothing from the clock of the other', async () => {
  const clock = new FakeClock();
  const phases = createPhases(clock);
  await phases.during('facts', async () => {
    await clock.sleep(PHASES.facts + 1);
    await phases.during('record', async () => {
      expect(phases.left()).toBe(PHASES.record);
      await clock.sleep(1);
    });
    expect(phases.left()).toBe(-2);
  });
});

test('two at the same time do not end each other, and one that throws ends with it', async () => {
  const clock = new FakeClock();
  const phases = createPhases(clock);
  const left: number[] = [];
  const early = phases.during('facts', async () => {
    await clock.sleep(100);
    left.push(phases.left());
  });
  const late = phases.during('announce', async () => {
    await Promise.resolve();
    await early;
    left.push(phases.left());
    throw new Error('broken');
  });
  await expect(late).rejects.toThrow('broken');
  expect(left).toEqual([PHASES.facts - 100, PHASES.announce]);
  expect(phases.left()).toBe(Infinity);
});
