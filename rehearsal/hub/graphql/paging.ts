import { GraphQLError } from 'graphql';

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

export interface Connection<T> {
  readonly totalCount: number;
  readonly nodes: readonly T[] | (() => never);
  readonly edges: readonly { readonly node: T; readonly cursor: string }[] | (() => never);
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const MOST = 100;

/** GitHub names the kind of an error in `type`, beside the message. */
export const typedError = (type: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });

const checkBounds = ({ first, last }: PageArguments, name: string): void => {
  const asked = first ?? last;
  if (asked === undefined || asked === null) {
    throw typedError(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    );
  }
  if (asked > MOST) {
    const word = first === undefined || first === null ? 'last' : 'first';
    throw typedError(
      'EXCESSIVE_PAGINATION',
      `Requesting ${asked} records on the \`${name}\` connection exceeds the \`${word}\` limit of ${MOST} records.`
    );
  }
};

const cursor = (key: string): string => Buffer.from(`cursor:v2:${key}`).toString('base64');

/** Where the cursor's item stands; a cursor of an item that is gone points nowhere. */
const position = (keys: readonly string[], text: string): number => keys.findIndex((key) => cursor(key) === text);

export interface Listing<T> {
  readonly name: string;
  readonly items: readonly T[];
  /** What a cursor remembers an item by. */
  readonly key: (item: T) => string;
}

export const connection = <T>(listing: Listing<T>, page: PageArguments): Connection<T> => {
  checkBounds(page, listing.name);
  const keys = listing.items.map(listing.key);
  const from = page.after === undefined || page.after === null ? 0 : position(keys, page.after) + 1;
  const to = page.before === undefined || page.before === null ? keys.length : Math.max(0, position(keys, page.before));
  const start = page.first === undefined || page.first === null ? Math.max(from, to - (page.last ?? 0)) : from;
  const end = page.first === undefined || page.first === null ? to : Math.min(to, from + page.first);
  const nodes = listing.items.slice(start, end);
  const cursors = keys.slice(start, end).map(cursor);
  return {
    totalCount: keys.length,
    nodes,
    edges: nodes.map((node, at) => ({ node, cursor: cursors[at] ?? '' })),
    pageInfo: {
      hasNextPage: end < keys.length,
      hasPreviousPage: start > 0,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null
    }
  };
};

const deny = (): never => {
  throw typedError('FORBIDDEN', 'Resource not accessible by integration');
};

/** What a token sees that may not read the list: the list itself is null, with an error at its `nodes`. */
export const forbiddenConnection = (): Connection<never> => {
  const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  return { totalCount: 0, nodes: deny, edges: deny, pageInfo };
};
