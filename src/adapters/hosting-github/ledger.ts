import * as v from 'valibot';
import type { Setting } from '../../domain/finding.ts';
import type { Incident } from '../../domain/report.ts';
import type { LedgerPage, LedgerQuestion, Ledgers, ListedRecord, ListedRelease } from '../../ports/ledger.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { nodes, recordOf, recordShape, releaseOf, releaseShape } from './facts-map.ts';
import { readGraphRoot } from './graph-answer.ts';
import { ledgerQuery } from './ledger-query.ts';
import { ok, unsure, valueOf } from './reply.ts';
import type { Named, Reply } from './reply.ts';
import { createPullStarts } from './pull-starts.ts';
import { id, link, timestamp } from './shapes.ts';

const NAMED: Named = { call: 'GraphQL: the history of deliveries', permission: 'deployments: read' };

const pageInfo = v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) });

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

/** Stands for a list that was not asked for; one that was must be there. */
const EMPTY = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

const cursorOf = (list: unknown): string | null => {
  const { hasNextPage, endCursor } = v.parse(v.object({ pageInfo }), list).pageInfo;
  return hasNextPage ? endCursor : null;
};

const itemsOf = <T>(list: unknown, shape: v.GenericSchema<unknown, T>): readonly T[] => v.parse(nodes(shape), list);

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
  return [{ ...release, publishedAt: node.publishedAt, ...manifestOf(node.releaseAssets, apiUrl) }];
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

interface Answered {
  readonly repository: Fields;
  readonly nodes?: unknown;
}

const pageOf = ({ repository, nodes: looked }: Answered, question: LedgerQuestion, apiUrl: string): LedgerPage => {
  const names = new Map(question.environments.map((name) => [name.toLowerCase(), name]));
  const { environments, after } = question;
  const envs = environments.length === 0 || after?.records === null ? EMPTY : repository['envs'];
  const releases = after?.releases === null ? EMPTY : repository['releases'];
  const stops = after === undefined ? repository['stops'] : EMPTY;
  return {
    records: itemsOf(envs, recordShape).flatMap((node) => ours(node, names)),
    again: againIn(looked, names),
    releases: itemsOf(releases, listedShape).flatMap((node) => listedOf(node, apiUrl)),
    incidents: itemsOf(stops, incidentShape).map(incidentOf),
    // what an enterprise shows to its own people only is not for everybody
    visibility: repository['visibility'] === 'PUBLIC' ? 'public' : 'private',
    next: { records: cursorOf(envs), releases: cursorOf(releases) }
  };
};

const readPage = (data: unknown, question: LedgerQuestion, apiUrl: string): Reply<LedgerPage> => {
  const graph = readGraphRoot(data);
  if (graph.kind !== 'ok') return graph;
  try {
    return ok(pageOf(graph.value, question, apiUrl));
  } catch (error) {
    if (error instanceof v.ValiError) return unsure(`invalid answer (${error.message})`);
    throw error;
  }
};

const ledgerPage = async (client: Client, question: LedgerQuestion): Promise<LedgerPage> => {
  const { graphqlUrl, apiUrl, repository } = client.options;
  const request: Request<LedgerPage> = {
    ...NAMED,
    route: `POST ${graphqlUrl}`,
    parameters: { ...ledgerQuery(question, repository) },
    read: (data) => readPage(data, question, apiUrl)
  };
  return valueOf(request, await client.ask(request));
};

const runsShape = v.object({ workflow_runs: v.array(v.object({ id, html_url: link })) });

/** GitHub's status `waiting`: at least one job stands before a protection rule. */
const waitingRuns = async (client: Client): Promise<Setting<ReadonlyMap<number, string>>> => {
  const route = 'GET /repos/{owner}/{repo}/actions/runs';
  const permission = 'actions: read';
  const parameters = { status: 'waiting', per_page: 100 };
  const request = { call: route, route, permission, parameters, read: shaped(runsShape) };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.forbidden) return { kind: 'unknown', needs: permission };
  const { workflow_runs } = valueOf(request, answer);
  return { kind: 'known', value: new Map(workflow_runs.map((run) => [run.id, run.html_url])) };
};

export const createLedger = (client: Client): Ledgers => ({
  ledgerPage: (question) => ledgerPage(client, question),
  ...createPullStarts(client),
  waitingRuns: () => waitingRuns(client)
});
