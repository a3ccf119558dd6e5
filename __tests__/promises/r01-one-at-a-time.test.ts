// R1: at most one active deployment per environment.
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, jest, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import type { Ports } from '../../src/ports.ts';
import type { World } from '../fakes/world.ts';
import { ENVIRONMENTS, VERSIONS, commandOf, newRun, opened, play, recordsIn, story } from './story.ts';
import type { Delivery } from './story.ts';

jest.setTimeout(120_000);

const turns = async (count: number): Promise<void> => {
  for (let each = 0; each < count; each += 1) await turn();
};

/** Every call of one run takes as many turns as chance says, so that runs mix in any order. */
const mixed = (run: World, chance: () => number, busy: Map<string, number>): World => {
  const hosting = new Proxy(run.hosting, {
    get: (target, name) => {
      const found: unknown = Reflect.get(target, name, target);
      if (typeof found !== 'function') return found;
      return async (...given: unknown[]): Promise<unknown> => {
        await turns(chance());
        const answer: unknown = await Reflect.apply(found, target, given);
        await turns(chance());
        return answer;
      };
    }
  });
  const shell: Ports['shell'] = {
    run: async (task) => {
      const environment = task.variables['DELIVERY_ENVIRONMENT'] ?? '';
      busy.set(environment, (busy.get(environment) ?? 0) + 1);
      await turns(chance());
      expect(busy.get(environment)).toBe(1);
      const result = await run.target.run(task);
      busy.set(environment, (busy.get(environment) ?? 0) - 1);
      return result;
    }
  };
  const sleep = async (seconds: number): Promise<void> => {
    await turns(3);
    await run.clock.sleep(seconds);
  };
  const clock = { now: () => run.clock.now(), elapsed: () => run.clock.elapsed(), sleep };
  return { ...run, ports: { ...run.ports, hosting, shell, clock } };
};

const racer = fc.record({
  kind: fc.constant('deploy' as const),
  environment: fc.constantFrom(...ENVIRONMENTS),
  version: fc.constantFrom(...VERSIONS),
  chosen: fc.boolean(),
  diesAt: fc.constant(undefined)
});

test('two or three runs at once, in any order of their calls: one at a time touches the environment', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(racer, { minLength: 2, maxLength: 3 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 7, maxLength: 7 }),
      fc.subarray([...VERSIONS]),
      async (racers: readonly Delivery[], delays, sick) => {
        const base = await opened();
        const seeds = VERSIONS.map((version): Delivery => ({
          kind: 'deploy',
          environment: 'staging',
          version,
          chosen: true,
          diesAt: undefined
        }));
        await play(base, seeds, () => undefined);
        for (const version of sick) base.target.sick.add(version);
        let at = 0;
        const chance = (): number => delays[at++ % delays.length] ?? 0;
        const busy = new Map<string, number>();
        const ends = await Promise.allSettled(
          racers.map((each) => deploy(mixed(newRun(base, each.chosen), chance, busy), commandOf(each)))
        );
        const broken = ends.filter((end) => end.status === 'rejected').map((end) => String(end.reason));
        expect(broken.filter((why) => !why.includes('queue-timeout'))).toEqual([]);
        expect(recordsIn(base, 'production').filter(({ state }) => state === 'success').length).toBeLessThanOrEqual(1);
      }
    ),
    { numRuns: 60 }
  );
});

test('one after the other, dying in between: production never keeps two active records', async () => {
  await fc.assert(
    fc.asyncProperty(story({ dying: true }), async (steps) => {
      const base = await opened();
      await play(base, steps, () => {
        const active = recordsIn(base, 'production').filter(({ state }) => state === 'success');
        expect(active.length).toBeLessThanOrEqual(1);
      });
    }),
    { numRuns: 60 }
  );
});
