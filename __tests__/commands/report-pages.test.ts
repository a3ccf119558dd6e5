import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPages } from '../../src/commands/report-pages.ts';
import type { AskPage, Enough, Pages } from '../../src/commands/report-pages.ts';
import { refuse } from '../../src/domain/refusal.ts';
import type { LedgerPage, ListPage, ListedRecord, ListedRelease } from '../../src/ports/ledger.ts';
import { mergeRecords } from '../../src/rules/ledger.ts';
import { NOW, record, release } from '../fakes/builders.ts';

/** A deployment as GitHub has it: when it was made, in seconds, and whether it is one of ours. */
interface Thing {
  readonly key: number;
  readonly second: number;
  readonly ours: boolean;
}

const timeOf = ({ second }: Thing): string => new Date(NOW.getTime() - 1e9 + second * 1000).toISOString();

const recordOf = (thing: Thing): ListedRecord => {
  const { id: _, ...rest } = record(thing.key, '1.0.0', { createdAt: timeOf(thing) });
  return { ...rest, node: `DE_${thing.key}` };
};

const releaseOf = (thing: Thing): ListedRelease => ({
  ...release(`1.${thing.key}.0`, { id: thing.key }),
  publishedAt: timeOf(thing)
});

type Cursors = 'of items' | 'of places';

/** A list of GitHub's, newest first: made at once or not, it may change between two questions. */
class Shelf<T> {
  readonly things: Thing[];
  private readonly show: (thing: Thing) => T;
  private readonly cursors: Cursors;

  constructor(things: readonly Thing[], show: (thing: Thing) => T, cursors: Cursors) {
    // the same second: the later key first
    this.things = things.toSorted((a, b) => b.second - a.second || b.key - a.key);
    this.show = show;
    this.cursors = cursors;
  }

  newest(after: string | null | undefined): ListPage<T> {
    if (after === null) return { items: [], nodes: [], next: null };
    const from = after === undefined ? 0 : this.behind(after);
    const to = Math.min(from + 100, this.things.length);
    return this.page([from, to], to < this.things.length ? to - 1 : undefined);
  }

  oldest(before: string | null): ListPage<T> {
    const to = before === null ? this.things.length : this.upTo(before);
    const from = Math.max(0, to - 100);
    return this.page([from, to], from > 0 ? from : undefined);
  }

  private page([from, to]: readonly [number, number], edge: number | undefined): ListPage<T> {
    const shown = this.things.slice(from, to);
    return {
      items: shown.filter(({ ours }) => ours).map(this.show),
      nodes: shown.map(({ key }) => String(key)),
      next: edge === undefined ? null : this.cursor(edge)
    };
  }

  private cursor(at: number): string {
    const thing = this.things[at];
    return this.cursors === 'of places' ? String(at) : `${thing?.second} ${thing?.key}`;
  }

  /** Where the first one stands that comes after the cursor. */
  private behind(cursor: string): number {
    const [second, key] = cursor.split(' ').map(Number);
    if (second === undefined || key === undefined) return Number(cursor) + 1;
    const at = this.things.findIndex((thing) => thing.second < second || (thing.second === second && thing.key < key));
    return at < 0 ? this.things.length : at;
  }

  /** The same for the last one that comes before it, and one more. */
  private upTo(cursor: string): number {
    const [second, key] = cursor.split(' ').map(Number);
    if (second === undefined || key === undefined) return Number(cursor);
    const at = this.things.findIndex((thing) => thing.second < second || (thing.second === second && thing.key <= key));
    return at < 0 ? this.things.length : at;
  }
}

interface Hub {
  readonly records: Shelf<ListedRecord>;
  readonly releases: Shelf<ListedRelease>;
  /** Before each question, which is counted from 1. */
  /** What it says it has of each; the truth unless told otherwise. */
  readonly total?: number;
  readonly meanwhile?: (hub: Hub, question: number, oldest: string | undefined) => void;
}

const hubOf = (records: readonly Thing[], releases: readonly Thing[] = [], cursors: Cursors = 'of items'): Hub => ({
  records: new Shelf(records, recordOf, cursors),
  releases: new Shelf(releases, releaseOf, cursors)
});

const FOREVER: Enough = { records: () => false, releases: () => false };

const totalOf = (hub: Hub, list: 'records' | 'releases'): number => hub.total ?? hub[list].things.length;

interface Read extends Pages {
  readonly calls: number;
}

const readWith = async (hub: Hub, toTheEnd: boolean, enough: Enough = FOREVER): Promise<Read> => {
  let calls = 0;
  const ask: AskPage = async ({ after, oldest }): Promise<LedgerPage> => {
    calls += 1;
    hub.meanwhile?.(hub, calls, oldest?.list);
    return {
      records: hub.records.newest(after?.records),
      releases: hub.releases.newest(after?.releases),
      oldest: oldest === undefined ? {} : { [oldest.list]: hub[oldest.list].oldest(oldest.before) },
      ...(after === undefined
        ? { totals: { records: totalOf(hub, 'records'), releases: totalOf(hub, 'releases') } }
        : {}),
      again: [],
      incidents: [],
      visibility: 'public'
    };
  };
  const pages = await readPages({ ask, first: await ask({}), enough, toTheEnd });
  return { ...pages, calls };
};

const numbered = ({ records }: Pages): readonly string[] =>
  mergeRecords([], records).map(({ id, node, createdAt }) => `${id} ${node} ${createdAt}`);

const inRow = (count: number, ours: (key: number) => boolean = () => true): Thing[] =>
  Array.from({ length: count }, (_, key) => ({ key, second: key * 60, ours: ours(key) }));

describe('a history that is read from both ends', () => {
  test.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [200, 2],
    [201, 2],
    [299, 2],
    [300, 3],
    [400, 3],
    [500, 4],
    [9_999, 51],
    [10_000, 51],
    [12_000, 61],
    [12_001, 120]
  ])('of %i records takes %i calls', async (count, calls) => {
    const both = await readWith(hubOf(inRow(count)), true);
    expect([both.calls, both.records.length]).toEqual([calls, Math.min(count, 12_000)]);
    expect(both.reached).toBe(count <= 12_000);
  });

  test.each([
    [200, [undefined, undefined]],
    [201, [undefined, 'records']],
    [400, [undefined, 'records', 'records']]
  ])('of %i is asked for at the other end only where one more page does not do', async (count, expected) => {
    const asked: (string | undefined)[] = [];
    await readWith({ ...hubOf(inRow(count)), meanwhile: (_, __, oldest) => void asked.push(oldest) }, true);
    expect(asked).toEqual(expected);
  });

  const things = fc
    .record({
      count: fc.oneof(fc.integer({ min: 0, max: 950 }), fc.constantFrom(1, 99, 100, 101, 199, 200, 201, 300, 301, 700)),
      perSecond: fc.integer({ min: 1, max: 400 }),
      foreign: fc.integer({ min: 1, max: 400 }),
      all: fc.boolean()
    })
    .map(({ count, perSecond, foreign, all }) =>
      Array.from({ length: count }, (_, key) => ({
        key,
        second: Math.floor(key / perSecond),
        ours: all || Math.floor(key / foreign) % 2 === 0
      }))
    );
  const cursors = fc.constantFrom<Cursors>('of items', 'of places');

  test('is the same as one that is read forwards, number for number, in no more calls', () =>
    fc.assert(
      fc.asyncProperty(things, cursors, async (made, kind) => {
        const [both, forwards] = [
          await readWith(hubOf(made, [], kind), true),
          await readWith(hubOf(made, [], kind), false)
        ];
        expect(numbered(both)).toEqual(numbered(forwards));
        expect([both.reached, forwards.reached]).toEqual([true, true]);
        expect(both.calls).toBeLessThanOrEqual(forwards.calls);
        expect(both.calls).toBeLessThanOrEqual(Math.ceil(Math.max(0, made.length - 100) / 200) + 2);
      }),
      { numRuns: 150 }
    ));

  /** Makes a thing, of this very second, before the questions of these numbers. */
  const making =
    (questions: readonly number[]) =>
    ({ records: { things: shelf } }: Hub, question: number): void => {
      const many = questions.filter((each) => each === question).length;
      for (let key = 0; key < many; key += 1)
        shelf.unshift({ key: 10_000 + 100 * question + key, second: shelf[0]?.second ?? 0, ours: true });
    };
  const questions = fc.array(fc.integer({ min: 2, max: 6 }), { maxLength: 8 });

  test('misses nothing, whatever is made while it is read', () =>
    fc.assert(
      fc.asyncProperty(things, cursors, questions, async (made, kind, at) => {
        const both = await readWith({ ...hubOf(made, [], kind), meanwhile: making(at) }, true);
        expect(numbered(both)).toEqual(numbered(await readWith(hubOf(made), false)));
      }),
      { numRuns: 150 }
    ));

  test('misses nothing that is left, whatever is deleted while it is read', () =>
    fc.assert(
      fc.asyncProperty(things, questions, fc.nat(), async (made, at, seed) => {
        const hub = hubOf(made);
        const meanwhile = ({ records: { things: shelf } }: Hub, question: number): void => {
          if (at.includes(question)) shelf.splice((seed * question) % Math.max(1, shelf.length), 1);
        };
        const both = await readWith({ ...hub, meanwhile }, true);
        const read = new Set(both.records.map(({ node }) => node));
        const left = hub.records.things.filter(({ ours }) => ours).map(({ key }) => `DE_${key}`);
        expect(left.filter((node) => !read.has(node))).toEqual([]);
        expect(both.reached).toBe(true);
      }),
      { numRuns: 150 }
    ));

  test.each([500, 1, 901, 5000])('believes no total of %i where there are 900', async (total) => {
    const read = await readWith({ ...hubOf(inRow(900)), total }, true);
    expect([read.records.length, read.reached]).toEqual([900, true]);
  });

  test('is read forwards where GitHub does not answer so large a question', async () => {
    const hub = hubOf(inRow(700));
    const asked: (string | undefined)[] = [];
    const meanwhile: Hub['meanwhile'] = (_, __, oldest) => {
      asked.push(oldest);
      if (oldest !== undefined) throw refuse('hosting-failed', { call: 'ledgerPage', problem: 'too much' });
    };
    const read = await readWith({ ...hub, meanwhile }, true);
    expect([read.records.length, read.reached]).toEqual([700, true]);
    expect(asked.filter((each) => each !== undefined)).toHaveLength(1);
  });

  test.each([
    ['a missing permission', refuse('permission-missing', { permission: 'deployments: read', call: 'ledgerPage' })],
    ['the end of the run', refuse('cancelled', { command: 'report' })],
    ['a mistake of ours', new TypeError('no')]
  ])('passes over nothing else: %s', async (_, fault) => {
    const meanwhile: Hub['meanwhile'] = (__, ___, oldest) => {
      if (oldest !== undefined) throw fault;
    };
    await expect(readWith({ ...hubOf(inRow(700)), meanwhile }, true)).rejects.toBe(fault);
  });
});

describe('the list of releases', () => {
  /** No further than the thing of this key. */
  const since = (key: number): Enough => {
    const begin = timeOf({ key, second: key * 60, ours: true });
    return { records: () => false, releases: (page) => page.some(({ publishedAt }) => publishedAt < begin) };
  };
  const tags = ({ releases }: Pages): readonly string[] => releases.map(({ tag }) => tag);

  test.each([
    ['that are wanted in part costs nothing', 8000, 51],
    ['that are wanted by half costs nothing either', 5000, 51],
    ['that are all wanted is read from both ends when the records are', 0, 76]
  ])('10,000 releases %s', async (_, oldest, calls) => {
    const hub = (): Hub => hubOf(inRow(10_000), inRow(10_000));
    const [both, forwards] = [await readWith(hub(), true, since(oldest)), await readWith(hub(), false, since(oldest))];
    expect(tags(both)).toEqual(tags(forwards));
    expect(numbered(both)).toEqual(numbered(forwards));
    expect(both.calls).toBe(calls);
  });

  test('holds nothing from beyond where it ends before its ends meet', async () => {
    const hub = (): Hub => hubOf(inRow(50), inRow(2000));
    const [both, forwards] = [await readWith(hub(), true, since(1550)), await readWith(hub(), false, since(1550))];
    expect(tags(both)).toEqual(tags(forwards));
    expect([both.calls, forwards.calls]).toEqual([5, 5]);
  });

  test('holds all where its ends meet first', async () => {
    const hub = (): Hub => hubOf(inRow(50), inRow(2000));
    const [both, forwards] = [await readWith(hub(), true, since(550)), await readWith(hub(), false, since(550))];
    expect(tags(both).slice(0, forwards.releases.length)).toEqual(tags(forwards));
    expect([both.releases.length, both.calls, forwards.calls]).toEqual([2000, 11, 15]);
  });
});

test('what is new is asked for from the newest on, and no further than what was known', async () => {
  const enough: Enough = { records: (page) => page.some(({ node }) => node === 'DE_750'), releases: () => true };
  const read = await readWith(hubOf(inRow(1000), inRow(1000)), false, enough);
  expect([read.calls, read.records.length, read.releases.length, read.reached]).toEqual([3, 300, 100, true]);
});
