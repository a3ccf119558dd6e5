import { describe, expect, test } from '@jest/globals';
import { createClock } from '../../src/adapters/clock.ts';

describe('clock', () => {
  test('sleeps about as long as asked, in monotonic seconds', async () => {
    const clock = createClock(new AbortController().signal);
    const start = clock.elapsed();
    await clock.sleep(0.05);
    expect(clock.elapsed() - start).toBeGreaterThan(0.045);
    expect(clock.elapsed() - start).toBeLessThan(2);
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1000);
  });

  test('wakes without an error when the run is cancelled, and does not sleep after it', async () => {
    const run = new AbortController();
    const clock = createClock(run.signal);
    const start = clock.elapsed();
    const asleep = clock.sleep(60 * 60 * 24 * 365);
    run.abort('SIGINT');
    await expect(asleep).resolves.toBeUndefined();
    await clock.sleep(60);
    expect(clock.elapsed() - start).toBeLessThan(2);
  });
});
