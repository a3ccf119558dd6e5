import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lockMessage, readLockMessage } from '../../src/domain/comment-lock.ts';
import type { LockHolder, LockStanding } from '../../src/domain/comment-lock.ts';
import { lockStep } from '../../src/rules/comment-lock.ts';
import { isEarlier } from '../../src/rules/ticket.ts';

const holder: LockHolder = { mark: 'a', run: { id: 1, attempt: 1 } };
const held: LockStanding = { kind: 'held', holder };

describe('what comes next', () => {
  test.each([
    [{ standing: { kind: 'ours' }, dead: false, waited: 900 }, { kind: 'write' }],
    [{ standing: held, dead: false, waited: 0 }, { kind: 'wait' }],
    [{ standing: held, dead: false, waited: 599 }, { kind: 'wait' }],
    [{ standing: held, dead: false, waited: 600 }, { kind: 'leave' }],
    [
      { standing: held, dead: true, waited: 599 },
      { kind: 'take-over', holder }
    ],
    [{ standing: held, dead: true, waited: 600 }, { kind: 'leave' }],
    [{ standing: { kind: 'held' }, dead: true, waited: 0 }, { kind: 'wait' }]
  ] as const)('%j: %j', (look, step) => {
    expect(lockStep({ ...look, patience: 600 })).toEqual(step);
  });

  test('an earlier attempt of our run is over; ours, a later one and other runs are not known to be', () => {
    const run = { id: 7, attempt: 2 };
    const attempts = [
      { id: 7, attempt: 1 },
      { id: 7, attempt: 2 },
      { id: 7, attempt: 3 },
      { id: 8, attempt: 1 }
    ];
    expect(attempts.filter((each) => isEarlier(each, run))).toEqual([{ id: 7, attempt: 1 }]);
  });
});

describe('what the lock says', () => {
  const note = fc.record({
    id: fc.integer({ min: 1, max: 999_999_999_999_999 }),
    attempt: fc.integer({ min: 1, max: 999_999_999 }),
    nonce: fc.uuid()
  });

  test('is read again', () => {
    fc.assert(
      fc.property(note, ({ id, attempt, nonce }) => {
        expect(readLockMessage(lockMessage({ id, attempt, nonce }))).toEqual({ id, attempt });
      })
    );
  });

  test('two processes never say the same', () => {
    fc.assert(
      fc.property(note, note, (one, two) => {
        fc.pre(one.nonce !== two.nonce);
        expect(lockMessage(one)).not.toBe(lockMessage(two));
      })
    );
  });

  test('anything else names nobody, or a run that a number could be', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `run ${text}`)
        ),
        (text) => {
          const run = readLockMessage(text);
          for (const part of [run?.id ?? 1, run?.attempt ?? 1])
            expect(Number.isSafeInteger(part) && part > 0).toBe(true);
        }
      )
    );
    for (const text of [
      'run 1 attempt 1',
      'run 01 attempt 1 process a',
      'run 1 attempt 0 process a',
      'run 1 attempt 1 process <b>'
    ])
      expect(readLockMessage(text)).toBeUndefined();
  });
});

/** The reference, as GitHub keeps it. `compares`: a swap asks what stands there, as it must. */
class Reference {
  mark: number | undefined;
  /** What readers that are behind still see. */
  before: number | undefined;
  private readonly compares: boolean;
  constructor(compares: boolean) {
    this.compares = compares;
  }
  create(mark: number): void {
    if (this.mark === undefined) this.move(mark);
  }
  swap(from: number, to: number | undefined): void {
    if (!this.compares || this.mark === from) this.move(to);
  }
  private move(to: number | undefined): void {
    this.before = this.mark;
    this.mark = to;
  }
}

type Phase =
  | { readonly kind: 'out' | 'writing' | 'gone' | 'dead' }
  | { readonly kind: 'looking'; readonly seen: number }
  | { readonly kind: 'taking'; readonly from: number };

/** `lost`: what was asked for was done, and the answer never came. `stale`: it tells of what stood there before. */
type Answer = 'true' | 'lost' | 'stale';

/** Each takes one step at a time; its number is its mark, and no two have the same. */
class Announcer {
  phase: Phase = { kind: 'out' };
  readonly mark: number;
  private readonly world: World;
  constructor(mark: number, world: World) {
    this.mark = mark;
    this.world = world;
  }

  /** What it is told of what stands there: the truth, or what stood there before. */
  private look(answer: Answer): void {
    const { mark, before } = this.world.ref;
    const seen = answer === 'stale' ? before : mark;
    if (answer === 'lost') return;
    if (seen === this.mark) this.phase = { kind: 'writing' };
    else this.phase = seen === undefined ? { kind: 'out' } : { kind: 'looking', seen };
  }

  private decide(seen: number): void {
    const dead = this.world.announcers[seen]?.phase.kind === 'dead';
    const standing: LockStanding = { kind: 'held', holder: { mark: String(seen) } };
    const step = lockStep({ standing, dead, waited: 0, patience: 1 });
    this.phase = step.kind === 'take-over' ? { kind: 'taking', from: Number(step.holder.mark) } : { kind: 'out' };
  }

  step(answer: Answer): void {
    const { ref } = this.world;
    switch (this.phase.kind) {
      case 'out':
        ref.create(this.mark);
        this.look(answer);
        break;
      case 'looking':
        this.decide(this.phase.seen);
        break;
      case 'taking':
        ref.swap(this.phase.from, this.mark);
        this.look(answer);
        break;
      case 'writing':
        ref.swap(this.mark, undefined);
        this.phase = { kind: 'gone' };
        break;
      case 'gone':
      case 'dead':
        break;
    }
  }
}

class World {
  readonly ref: Reference;
  readonly announcers: readonly Announcer[];
  constructor(count: number, compares = true) {
    this.ref = new Reference(compares);
    this.announcers = Array.from({ length: count }, (_, mark) => new Announcer(mark, this));
  }
  writing(): number {
    return this.announcers.filter(({ phase }) => phase.kind === 'writing').length;
  }
}

interface Move {
  readonly who: number;
  readonly what: Answer | 'die';
}

const COUNT = 4;
const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    who: fc.nat({ max: COUNT - 1 }),
    what: fc.oneof(
      { weight: 8, arbitrary: fc.constant<Move['what']>('true') },
      { weight: 3, arbitrary: fc.constantFrom<Move['what'][]>('lost', 'stale', 'die') }
    )
  }),
  { maxLength: 60 }
);

/** The most that ever wrote at once. */
const play = (world: World, story: readonly Move[]): number => {
  let most = 0;
  for (const { who, what } of story) {
    const announcer = world.announcers[who];
    if (announcer === undefined) continue;
    if (what !== 'die') announcer.step(what);
    else if (announcer.phase.kind !== 'gone') announcer.phase = { kind: 'dead' };
    most = Math.max(most, world.writing());
  }
  return most;
};

/** The first dies while it writes; two others see that, and both take over. */
const TWO_TAKERS: readonly Move[] = [
  { who: 0, what: 'true' },
  { who: 1, what: 'true' },
  { who: 2, what: 'true' },
  { who: 0, what: 'die' },
  { who: 1, what: 'true' },
  { who: 2, what: 'true' },
  { who: 1, what: 'true' },
  { who: 2, what: 'true' }
];

describe('however they are interleaved, die, lose answers and see the past', () => {
  test('at most one writes at any moment', () => {
    fc.assert(
      fc.property(moves, (story) => {
        expect(play(new World(COUNT), story)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 3000, examples: [[TWO_TAKERS]] }
    );
  });

  test('whoever comes when all others are gone or dead gets to write', () => {
    fc.assert(
      fc.property(moves, (story) => {
        const world = new World(COUNT + 1);
        play(world, story);
        for (const announcer of world.announcers.slice(0, COUNT))
          if (announcer.phase.kind !== 'gone') announcer.phase = { kind: 'dead' };
        const last = { who: COUNT, what: 'true' } as const;
        expect(play(world, [last, last, last])).toBe(1);
      })
    );
  });

  test('a swap that does not compare would let two write, and is noticed', () => {
    expect([play(new World(COUNT), TWO_TAKERS), play(new World(COUNT, false), TWO_TAKERS)]).toEqual([1, 2]);
  });
});
