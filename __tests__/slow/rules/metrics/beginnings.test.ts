import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerChange, LedgerRelease, PullStart } from '../../../../src/domain/ledger.ts';
import { pullsOf, unbegunChanges, withBeginnings } from '../../../../src/rules/beginnings.ts';
import { numbersOf } from '../../../rules/metrics/reference.ts';
import { change, facts, figures, record, release } from '../../../rules/metrics/story.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 5, 1);
const SPAN_HOURS = 45 * 24;
const NOW = new Date(START + SPAN_HOURS * HOUR_MS);

const iso = (time: number): string => new Date(time).toISOString();
const hours = fc.integer({ min: 0, max: SPAN_HOURS - 1 });

const changeSeed = fc.record({
  at: hours,
  /** Few numbers, so that several changes name the same pull request. */
  pull: fc.option(fc.integer({ min: 1, max: 6 })),
  /** An earlier report had asked already. */
  known: fc.oneof({ arbitrary: fc.constant(false), weight: 5 }, { arbitrary: fc.constant(true), weight: 1 }),
  /** Sometimes the commit of another release again. */
  shared: fc.oneof({ arbitrary: fc.constant(false), weight: 5 }, { arbitrary: fc.constant(true), weight: 1 })
});

const pullSeed = fc.record({
  /** Which of the changes it became. */
  became: fc.option(fc.nat({ max: 20 })),
  /** Before the change or after it, or at that very moment. */
  headStart: fc.option(fc.oneof(fc.constant(0), fc.integer({ min: -100, max: 500 }))),
  told: fc.constantFrom('known', 'known', 'known', 'none', 'later')
});

interface World {
  readonly releases: readonly LedgerRelease[];
  readonly pulls: ReadonlyMap<number, PullStart | null>;
  readonly records: readonly ReturnType<typeof record>[];
}

type ChangeSeed = typeof changeSeed extends fc.Arbitrary<infer T> ? T : never;

const releasesOf = (seeds: readonly (readonly ChangeSeed[])[]): readonly LedgerRelease[] => {
  const all: LedgerChange[] = [];
  return seeds.map((changes, index) => {
    const made = changes.map(({ at, pull, known, shared }, nth) => {
      const [earlier] = all;
      if (shared && earlier !== undefined) return earlier;
      const begunBy = pull === null ? 'commit' : 'unread';
      const one = change(`a${index}b${nth}c`, iso(START + at * HOUR_MS), { pull, begunBy });
      // the first of a commit is remembered as it was before anybody asked
      all.push(one);
      const begunAt = iso(START + (at - 7) * HOUR_MS);
      return known && pull !== null ? { ...one, begunAt, begunBy: 'pull-request' as const } : one;
    });
    return release(`1.${index}.0`, index === 0 ? null : `1.${index - 1}.0`, made, {
      publishedAt: iso(START + index * HOUR_MS)
    });
  });
};

const history = fc
  .record({
    versions: fc.array(fc.array(changeSeed, { maxLength: 4 }), { minLength: 2, maxLength: 8 }),
    pulls: fc.array(pullSeed, { minLength: 6, maxLength: 6 }),
    lives: fc.array(fc.record({ version: fc.nat({ max: 7 }), at: hours }), { maxLength: 8 })
  })
  .map(({ versions, pulls, lives }): World => {
    const releases = releasesOf(versions);
    const changes = releases.flatMap(({ document }) => document?.changes ?? []);
    const told = pulls.flatMap(({ became, headStart, told: how }, index): [number, PullStart | null][] => {
      if (how === 'later') return [];
      if (how === 'none') return [[index + 1, null]];
      const one = became === null ? undefined : changes[became % Math.max(1, changes.length)];
      const first = headStart === null ? null : iso(Date.parse(one?.date ?? iso(START)) - headStart * HOUR_MS);
      return [[index + 1, { mergeCommit: one?.commit ?? null, firstCommitAt: first }]];
    });
    const records = lives.map(({ version, at }, index) =>
      record({ id: index + 1, version: `1.${version % versions.length}.0`, at: iso(START + at * HOUR_MS) })
    );
    return { releases, pulls: new Map(told), records };
  });

/** The same by looking at everything again: each change goes through every pull request and every other change. */
const slowly = ({ releases, pulls }: World): readonly LedgerRelease[] =>
  releases.map((each) => ({
    ...each,
    document: each.document && {
      previous: each.document.previous,
      changes: each.document.changes.map((one) => {
        if (one.begunBy === 'pull-request') return one;
        let begunAt = one.date;
        let known = one.pull === null;
        let byPull = false;
        for (const [number, pull] of pulls) {
          if (number !== one.pull) continue;
          known = true;
          if (pull === null || pull.mergeCommit !== one.commit || pull.firstCommitAt === null) continue;
          if (pull.firstCommitAt >= one.date) continue;
          begunAt = pull.firstCommitAt;
          byPull = true;
        }
        const other = releases.flatMap(({ document }) => document?.changes ?? []);
        const elsewhere = other.find(({ commit, begunBy }) => commit === one.commit && begunBy === 'pull-request');
        if (elsewhere !== undefined) return elsewhere;
        return { ...one, begunAt, begunBy: byPull ? 'pull-request' : known ? 'commit' : 'unread' };
      })
    }
  }));

test('agrees on beginnings, and on the lead times that follow from them', () => {
  fc.assert(
    fc.property(history, (world) => {
      const found = withBeginnings(world.releases, world.pulls);
      expect(found).toEqual(slowly(world));
      const told = facts({ now: NOW, records: world.records, releases: found });
      const [from, to] = [START, NOW.getTime()];
      const slow = numbersOf({ ...told, releases: slowly(world) }, 'production', from, to);
      const { median, p90, n } = figures(told, iso(from), iso(to))('lead-time');
      expect({ median, p90, n }).toEqual({ median: slow.median, p90: slow.p90, n: slow.leads.length });
    }),
    { numRuns: 1000 }
  );
});

test('asking in parts comes to the same as asking at once, and asks for no pull request twice', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 4 }), (world, atOnce) => {
      let releases = withBeginnings(world.releases, new Map());
      const asked: number[] = [];
      for (;;) {
        const open = pullsOf(unbegunChanges(releases, world.records, NOW));
        const some = open.filter((number) => world.pulls.has(number)).slice(0, atOnce);
        if (some.length === 0) break;
        asked.push(...some);
        releases = withBeginnings(releases, new Map(some.map((number) => [number, world.pulls.get(number) ?? null])));
      }
      expect(new Set(asked).size).toBe(asked.length);
      const once = withBeginnings(world.releases, world.pulls);
      expect(unbegunChanges(releases, world.records, NOW)).toEqual(unbegunChanges(once, world.records, NOW));
    }),
    { numRuns: 500 }
  );
});

test('the histories hold every kind of beginning', () => {
  const seen = new Set(
    fc
      .sample(history, { numRuns: 200, seed: 7 })
      .flatMap(({ releases, pulls }) => withBeginnings(releases, pulls))
      .flatMap(({ document }) => document?.changes ?? [])
      .map(({ begunBy }) => begunBy)
  );
  expect(seen).toEqual(new Set(['pull-request', 'commit', 'unread']));
});
