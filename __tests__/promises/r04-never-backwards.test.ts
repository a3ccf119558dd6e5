// R4: an older version never replaces a newer one unless a person chose it.
import fc from 'fast-check';
import { expect, jest, test } from '@jest/globals';
import { compareVersions } from '../../src/domain/version.ts';
import { v } from '../fakes/builders.ts';
import { ENVIRONMENTS, opened, play, story } from './story.ts';
import type { Played } from './story.ts';

jest.setTimeout(120_000);

const isOlder = (now: string, before: string | undefined): boolean =>
  before !== undefined && compareVersions(v(now), v(before)) < 0;

/** A person's own choice, and the way back from a version that broke. */
const mayGoBack = ({ step, outcome }: Played): boolean =>
  step.kind === 'rollback' || (step.kind === 'deploy' && step.chosen) || outcome?.verdict === 'rolled-back';

test('after every step of any story', async () => {
  await fc.assert(
    fc.asyncProperty(story({ dying: false }), async (steps) => {
      const base = await opened();
      let before = new Map(base.target.running);
      await play(base, steps, (played) => {
        for (const environment of ENVIRONMENTS) {
          const now = base.target.running.get(environment);
          if (now === undefined || !isOlder(now, before.get(environment))) continue;
          expect({ ...played, back: mayGoBack(played) }).toMatchObject({ back: true });
        }
        before = new Map(base.target.running);
      });
    }),
    { numRuns: 150 }
  );
});
