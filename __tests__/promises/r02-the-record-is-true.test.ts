// R2: the recorded live version is the one that runs there, or the record says `unknown`.
import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { liveIn } from '../../src/rules/live.ts';
import { ENVIRONMENTS, opened, play, recordsIn, story } from './story.ts';
import type { World } from '../fakes/world.ts';

const recorded = (base: World, environment: string): string | undefined => {
  const live = liveIn(recordsIn(base, environment));
  return live.kind === 'version' ? live.record.payload.version : live.kind;
};

test('after every step of any story, also one in which processes die', async () => {
  await fc.assert(
    fc.asyncProperty(story({ dying: true }), async (steps) => {
      const base = await opened();
      await play(base, steps, ({ step }) => {
        for (const environment of ENVIRONMENTS) {
          const said = recorded(base, environment);
          if (said === 'unknown') continue;
          expect({ step, environment, said }).toEqual({
            step,
            environment,
            said: base.target.running.get(environment) ?? 'nothing'
          });
        }
      });
    }),
    { numRuns: 150 }
  );
});
