import * as v from 'valibot';
import { readTagChanges } from '../../config/tag-changes.ts';
import type { Incident } from '../../domain/report.ts';
import type {
  LedgerCursors,
  LedgerPage,
  LedgerQuestion,
  ListPage,
  ListedRecord,
  ListedRelease
} from '../../ports/ledger.ts';
import { nodes, recordOf, recordShape, releaseOf, releaseShape } from './facts-map.ts';
import { id, link, timestamp } from './shapes.ts';

const assetShape = v.object({ url: v.string() });

const listedShape = v.object({
  ...releaseShape.entries,
  publishedAt: v.nullable(timestamp),
  releaseAssets: nodes(assetShape)
});

const incidentShape = v.object({
  number: id,
  url: link,
  title: v.string(),
  createdAt: timestamp,
  closedAt: v.nullable(timestamp),
  author: v.nullable(v.object({ login: v.string() }))
});

type Fields = Readonly<Record<string, unknown>>;

const forwards = v.object({
  pageInfo: v.pipe(
    v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
    v.transform(({ hasNextPage, endCursor }) => (hasNextPage ? endCursor : null))
  )
});
const backwards = v.object({
  pageInfo: v.pipe(
    v.object({ hasPreviousPage: v.boolean(), startCursor: v.nullable(v.string()) }),
    v.transform(({ hasPreviousPage, startCursor }) => (hasPreviousPage ? startCursor : null))
  )
});

const counted = v.object({ totalCount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

/** In the spelling of `delivery.yml`, whatever GitHub's is. */
const ours = (node: v.InferOutput<typeof recordShape>, names: ReadonlyMap<string, string>): readonly ListedRecord[] => {
  const key = node.environment?.toLowerCase() ?? '';
  const [name, record] = [names.get(key), recordOf(node, key)];
  if (name === undefined || record === undefined) return [];
  const { id: _, ...rest } = record;
  return [{ ...rest, environment: name }];
};

const ASSET = /\/releases\/assets\/(\d{1,15})$/;

/** Where the list gives an address of the API; elsewhere the assets of the release have to be listed. */
const manifestOf = (assets: readonly { readonly url: string }[], apiUrl: string): { readonly manifest?: number } => {
  const url = assets[0]?.url ?? '';
  const number = url.startsWith(`${apiUrl}/`) ? ASSET.exec(url)?.[1] : undefined;
  return number === undefined ? {} : { manifest: Number(number) };
};

const listedOf = (node: v.InferOutput<typeof listedShape>, apiUrl: string): readonly ListedRelease[] => {
  const release = releaseOf(node);
  if (release === undefined || node.publishedAt === null) return [];
  const carried = readTagChanges(node.tag?.target?.message ?? '');
  return [
    {
      ...release,
      publishedAt: node.publishedAt,
      ...(carried === undefined ? {} : { carried }),
      ...manifestOf(node.releaseAssets, apiUrl)
    }
  ];
};

const incidentOf = ({ author, createdAt, ...rest }: v.InferOutput<typeof incidentShape>): Incident => ({
  ...rest,
  author: author?.login ?? 'ghost',
  openedAt: createdAt
});

/** What was deleted since is null; what is no deployment has another shape. */
const againIn = (answered: unknown, names: ReadonlyMap<string, string>): readonly ListedRecord[] =>
  v
    .parse(v.optional(v.array(v.unknown()), []), answered)
    .map((node) => v.safeParse(recordShape, node))
    .flatMap((node) => (node.success ? ours(node.output, names) : []));

export interface Answered {
  readonly repository: Fields;
  readonly nodes?: unknown;
}

/** Stands for a list that was not asked for; one that was must be there. */
const NOTHING = { items: [], nodes: [], next: null };

/** An empty filter may mean every environment there is. */
const isAsked = (list: keyof LedgerCursors, { environments, after }: LedgerQuestion): boolean =>
  after?.[list] !== null && (list === 'releases' || environments.length > 0);

/** A list of the answer: its name in the query, and how its nodes are read. */
interface Listed<N, T> {
  readonly list: keyof LedgerCursors;
  readonly alias: string;
  readonly shape: v.GenericSchema<unknown, N>;
  readonly idOf: (node: N) => string;
  readonly ours: (node: N) => readonly T[];
}

const listOf = <N, T>(answered: unknown, { shape, idOf, ours: read }: Listed<N, T>): Omit<ListPage<T>, 'next'> => {
  const all = v.parse(nodes(shape), answered);
  return { items: all.flatMap(read), nodes: all.map(idOf) };
};

const newestIn = <N, T>(fields: Fields, question: LedgerQuestion, listed: Listed<N, T>): ListPage<T> => {
  if (!isAsked(listed.list, question)) return NOTHING;
  const answered = fields[listed.alias];
  return { ...listOf(answered, listed), next: v.parse(forwards, answered).pageInfo };
};

const oldestIn = <N, T>(fields: Fields, question: LedgerQuestion, listed: Listed<N, T>): ListPage<T> | undefined => {
  if (question.oldest?.list !== listed.list || !isAsked(listed.list, question)) return undefined;
  const answered = fields[`${listed.alias}Oldest`];
  return { ...listOf(answered, listed), next: v.parse(backwards, answered).pageInfo };
};

const recordsBy = (names: ReadonlyMap<string, string>): Listed<v.InferOutput<typeof recordShape>, ListedRecord> => ({
  list: 'records',
  alias: 'envs',
  shape: recordShape,
  idOf: (node) => node.id,
  ours: (node) => ours(node, names)
});

const releasesBy = (apiUrl: string): Listed<v.InferOutput<typeof listedShape>, ListedRelease> => ({
  list: 'releases',
  alias: 'releases',
  shape: listedShape,
  idOf: (node) => String(node.databaseId),
  ours: (node) => listedOf(node, apiUrl)
});

const totalsIn = (fields: Fields, { environments }: LedgerQuestion): NonNullable<LedgerPage['totals']> => ({
  records: environments.length === 0 ? 0 : v.parse(counted, fields['envs']).totalCount,
  releases: v.parse(counted, fields['releases']).totalCount
});

/** Throws a `ValiError` when the answer has not the shape of the query. */
export const ledgerPageIn = (answered: Answered, question: LedgerQuestion, apiUrl: string): LedgerPage => {
  const { repository, nodes: looked } = answered;
  const names = new Map(question.environments.map((name) => [name.toLowerCase(), name]));
  const isFirst = question.after === undefined;
  const [records, releases] = [recordsBy(names), releasesBy(apiUrl)];
  const oldest = {
    records: oldestIn(repository, question, records),
    releases: oldestIn(repository, question, releases)
  };
  return {
    records: newestIn(repository, question, records),
    again: againIn(looked, names),
    releases: newestIn(repository, question, releases),
    oldest: {
      ...(oldest.records === undefined ? {} : { records: oldest.records }),
      ...(oldest.releases === undefined ? {} : { releases: oldest.releases })
    },
    ...(isFirst ? { totals: totalsIn(repository, question) } : {}),
    incidents: isFirst ? v.parse(nodes(incidentShape), repository['stops']).map(incidentOf) : [],
    // what an enterprise shows to its own people only is not for everybody
    visibility: repository['visibility'] === 'PUBLIC' ? 'public' : 'private'
  };
};
