// R6: the bytes deployed are the bytes proven.
import fc from 'fast-check';
import { expect, jest, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { successOf } from '../../src/rules/live.ts';
import { asking } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { newRun, opened, play, recordsIn, story } from './story.ts';

jest.setTimeout(120_000);

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'it was delivered';
  } catch (error) {
    return error instanceof Refusal ? error.reason.code : String(error);
  }
};

const bytesOf = (base: World, name: RegExp): Buffer => {
  const assets = base.hosting.stored.find(({ tag }) => tag === 'v1.1.0')?.assets.values() ?? [];
  for (const asset of assets) if (name.test(asset.name)) return asset.bytes;
  throw new Error(`no asset ${name}`);
};

test('any byte of an asset changed after the release: nothing of the version runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(/\.json$/, /\.zst$/),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (name, where, mask) => {
        const base = await opened();
        const bytes = bytesOf(base, name);
        const at = where % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
        expect(await codeOf(deploy(newRun(base, false), asking('1.1.0', { environment: 'staging' })))).toBe(
          'digest-mismatch'
        );
        expect(base.target.tasks).toEqual([]);
      }
    ),
    { numRuns: 60 }
  );
});

test('in any story production only ever gets what succeeded in staging with the same digest', async () => {
  await fc.assert(
    fc.asyncProperty(story({ dying: true }), async (steps) => {
      const base = await opened();
      await play(base, steps, () => {
        for (const { startedAt, payload } of recordsIn(base, 'production')) {
          if (startedAt === undefined) continue;
          expect(successOf(recordsIn(base, 'staging'), payload)).toBeDefined();
        }
      });
    }),
    { numRuns: 100 }
  );
});
