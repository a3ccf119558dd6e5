import { Refusal } from '../domain/refusal.ts';
import type {
  LedgerCursors,
  LedgerPage,
  LedgerQuestion,
  ListPage,
  ListedRecord,
  ListedRelease,
  OldestQuestion
} from '../ports/ledger.ts';

const PER_PAGE = 100;
/** Pages of 100 records: more than ten years of three deliveries a day. */
const MOST_PAGES = 120;

/** The next page, or the next two. */
export type AskPage = (question: Pick<LedgerQuestion, 'after' | 'oldest'>) => Promise<LedgerPage>;

/** What was known before, as far as it ends the reading of a list. */
export interface Enough {
  readonly records: (page: readonly ListedRecord[]) => boolean;
  readonly releases: (page: readonly ListedRelease[]) => boolean;
}

export interface Pages {
  /** In GitHub's order, newest first. */
  readonly records: readonly ListedRecord[];
  readonly releases: readonly ListedRelease[];
  /** Whether no record is left at GitHub, or those left were known before. */
  readonly reached: boolean;
}

/** One list while it is read. */
interface Reader<T> {
  readonly take: (newest: ListPage<T>, oldest?: ListPage<T>) => void;
  /** Behind which cursor the newest unread begin; null: nothing more is wanted. */
  readonly next: () => string | null;
  /** Before which cursor the oldest unread end; undefined: it goes on from the newest only. */
  readonly before: () => Pick<OldestQuestion, 'before'> | undefined;
  /** Each once, in GitHub's order. */
  readonly items: () => readonly T[];
}

interface List<T> {
  readonly idOf: (item: T) => string;
  readonly enough: (page: readonly T[]) => boolean;
  /** How many it has; undefined: it is read from the newest only. */
  readonly total: number | undefined;
}

/** What was seen of a list, from either end. */
const createSight = () => {
  const [newest, oldest] = [new Set<string>(), new Set<string>()];
  let shared = 0;
  const see = (mine: Set<string>, others: ReadonlySet<string>, nodes: readonly string[]): void => {
    for (const node of nodes) {
      if (!mine.has(node) && others.has(node)) shared += 1;
      mine.add(node);
    }
  };
  return {
    see: (ends: { readonly newest: readonly string[]; readonly oldest: readonly string[] }) => {
      see(newest, oldest, ends.newest);
      see(oldest, newest, ends.oldest);
    },
    all: () => newest.size + oldest.size - shared,
    met: () => shared > 0
  };
};

/**
 * The ends have met when one has shown what the other one had, and nothing is missing of what was counted. Where
 * something is missing, because things were deleted or moved meanwhile, the newest are read on to the end of the list.
 */
const createReader = <T>({ idOf, enough, total = 0 }: List<T>): Reader<T> => {
  const sight = createSight();
  const newest: T[] = [];
  let oldest: readonly T[] = [];
  let next: string | null = null;
  let before: string | null | undefined = total > PER_PAGE ? null : undefined;
  /** What is left may fit into the page that comes anyway. */
  const isWorthIt = (): boolean => before !== null || total - sight.all() > PER_PAGE;
  return {
    take: (front, back) => {
      newest.push(...front.items);
      sight.see({ newest: front.nodes, oldest: back?.nodes ?? [] });
      if (back !== undefined) {
        oldest = [...back.items, ...oldest];
        before = back.next ?? undefined;
      }
      const known = enough(front.items);
      if (known) oldest = [];
      next = known || (sight.met() && sight.all() >= total) ? null : front.next;
    },
    next: () => next,
    before: () => (next === null || before === undefined || !isWorthIt() ? undefined : { before }),
    items: () => [...new Map([...newest, ...oldest].map((item) => [idOf(item), item])).values()]
  };
};

/** The totals up to which a list is read from both ends: longer ones are not read to their end. */
const MOST_ITEMS = MOST_PAGES * PER_PAGE;

interface Readers {
  readonly records: Reader<ListedRecord>;
  readonly releases: Reader<ListedRelease>;
}

/** One list at a time, so that no query asks for more than three hundred things: records first, for releases end sooner. */
const oldestOf = ({ records, releases }: Readers): OldestQuestion | undefined => {
  const list = records.next() === null ? 'releases' : 'records';
  const from = list === 'records' ? records.before() : releases.before();
  return from === undefined ? undefined : { list, ...from };
};

const isUnanswered = (error: unknown): boolean => error instanceof Refusal && error.reason.code === 'hosting-failed';

/** GitHub does not say how much it does for one query: what it refuses at both ends is asked for at one. */
const patiently = (ask: AskPage): AskPage => {
  let both = true;
  return async ({ oldest, ...question }) => {
    if (!both || oldest === undefined) return ask(question);
    try {
      return await ask({ ...question, oldest });
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      both = false;
      return ask(question);
    }
  };
};

export interface Reading {
  readonly ask: AskPage;
  readonly first: LedgerPage;
  readonly enough: Enough;
  /** Whether the end of the history is wanted rather than what is new. */
  readonly toTheEnd: boolean;
}

const cursorsOf = ({ records, releases }: Readers): LedgerCursors | undefined => {
  const after = { records: records.next(), releases: releases.next() };
  return after.records === null && after.releases === null ? undefined : after;
};

const takeAll = ({ records, releases }: Readers, page: LedgerPage): void => {
  records.take(page.records, page.oldest.records);
  releases.take(page.releases, page.oldest.releases);
};

/**
 * The pages after the first one, each list until there is enough of it. A history that is wanted to its end is read from
 * both ends, a hundred of each in one call, until they meet; that comes to the same as reading it from the newest on.
 */
export const readPages = async ({ ask, first, enough, toTheEnd }: Reading): Promise<Pages> => {
  const totalOf = (list: keyof LedgerCursors): number | undefined => {
    const total = toTheEnd ? first.totals?.[list] : undefined;
    return total === undefined || total > MOST_ITEMS ? undefined : total;
  };
  const readers: Readers = {
    records: createReader({ idOf: ({ node }) => node, enough: enough.records, total: totalOf('records') }),
    releases: createReader({ idOf: ({ id }) => String(id), enough: enough.releases, total: totalOf('releases') })
  };
  const askOn = patiently(ask);
  takeAll(readers, first);
  let after = cursorsOf(readers);
  for (let page = 1; page < MOST_PAGES && after !== undefined; page += 1) {
    const oldest = oldestOf(readers);
    takeAll(readers, await askOn(oldest === undefined ? { after } : { after, oldest }));
    after = cursorsOf(readers);
  }
  const { records, releases } = readers;
  return { records: records.items(), releases: releases.items(), reached: records.next() === null };
};
