import * as v from 'valibot';
import { parsePreviewPayload } from '../../config/preview-payload.ts';
import { PREVIEW_ENVIRONMENT } from '../../domain/preview.ts';
import type { PreviewRecord, PullRequest } from '../../domain/preview.ts';
import type { NewPreviewRecord, PreviewFacts, PreviewQuestion, Previews } from '../../ports/previews.ts';
import type { Client, Request } from './client.ts';
import { aliasOf } from './conversations-query.ts';
import { newestOf, nodes, recordShape, stateOf } from './facts-map.ts';
import type { RecordNode } from './facts-map.ts';
import type { Query } from './facts-query.ts';
import type { Filing, Order } from './filing.ts';
import { readGraphParts } from './graph-answer.ts';
import type { RecordIds } from './record-ids.ts';
import { failed, ok, unsure, valueOf } from './reply.ts';
import type { Named, Reply } from './reply.ts';
import { sha } from './shapes.ts';

const NAMED: Named = { call: 'GraphQL: previews and pull requests', permission: 'deployments: read' };
const PULLS = 'pull-requests: read';

/** GitHub's most for one page. */
const PER_PAGE = 100;

/** Values travel as variables, never as part of the text. */
export const previewQuery = (
  { pulls, after }: PreviewQuestion,
  repository: { readonly owner: string; readonly name: string }
): Query => {
  const declared = [
    ...pulls.map((_, index) => `, $n${index}: Int!`),
    ...(after === undefined ? [] : [', $after: String!'])
  ];
  const asked = pulls.map((_, index) => `${aliasOf('pull', index)}: pullRequest(number: $n${index}) { ...pull }`);
  const from = after === undefined ? '' : ', after: $after';
  const query = `query previews($owner: String!, $name: String!, $environment: String!${declared.join('')}) {
  repository(owner: $owner, name: $name) {
    envs: deployments(environments: [$environment], first: ${PER_PAGE}${from}, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { ...record }
    }
    ${asked.join('\n    ')}
  }
}
fragment record on Deployment {
  id databaseId environment commitOid task payload state createdAt
  statuses(first: 20) { nodes { state createdAt environmentUrl } }
}${pulls.length === 0 ? '' : '\nfragment pull on PullRequest { number state headRefOid isCrossRepository }'}`;
  const named = Object.fromEntries(pulls.map((number, index) => [`n${index}`, number]));
  const variables = { ...repository, environment: PREVIEW_ENVIRONMENT, ...named };
  return { query, variables: after === undefined ? variables : { ...variables, after: after.cursor } };
};

type Unnumbered = Omit<PreviewRecord, 'id'> & { readonly id: number | undefined; readonly node: string };

/** Undefined for every deployment that is no preview of ours. */
const recordOf = (node: RecordNode): Unnumbered | undefined => {
  const payload = node.task === 'preview' ? parsePreviewPayload(node.payload) : undefined;
  if (payload === undefined || node.environment?.toLowerCase() !== PREVIEW_ENVIRONMENT) return undefined;
  const statuses = node.statuses ?? [];
  const url = newestOf(statuses.filter((each) => (each.environmentUrl ?? '') !== ''))?.environmentUrl ?? undefined;
  return {
    node: node.id,
    id: node.databaseId ?? undefined,
    commit: node.commitOid,
    state: stateOf(node, statuses),
    createdAt: node.createdAt,
    ...(url === undefined ? {} : { url }),
    payload
  };
};

const pullShape = v.object({
  number: v.number(),
  state: v.picklist(['OPEN', 'CLOSED', 'MERGED']),
  headRefOid: sha,
  isCrossRepository: v.boolean()
});

const pullOf = ({ number, state, headRefOid, isCrossRepository }: v.InferOutput<typeof pullShape>): PullRequest => ({
  number,
  open: state === 'OPEN',
  head: headRefOid,
  fork: isCrossRepository
});

interface Page extends Pick<PreviewFacts, 'pulls'> {
  readonly records: readonly Unnumbered[];
  readonly next: string | null;
}

const listShape = v.object({ pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }) });

const pageOf = (
  fields: Readonly<Record<string, unknown>>,
  missing: ReadonlySet<string>,
  numbers: readonly number[]
): Page => {
  const { hasNextPage, endCursor } = v.parse(listShape, fields['envs']).pageInfo;
  const pulls = numbers.map((number, index): [number, PullRequest | null] => {
    const alias = aliasOf('pull', index);
    return [number, missing.has(alias) ? null : pullOf(v.parse(pullShape, fields[alias]))];
  });
  return {
    records: v.parse(nodes(recordShape), fields['envs']).flatMap((node) => recordOf(node) ?? []),
    pulls: new Map(pulls),
    next: hasNextPage ? endCursor : null
  };
};

const forbidden: Reply<never> = {
  kind: 'refused',
  status: 403,
  message: 'Resource not accessible by integration',
  codes: [],
  permission: PULLS,
  forbidden: true
};

/** A pull request that is not there is no fault; anything else that failed with one is. */
const read = (data: unknown, numbers: readonly number[]): Reply<Page> => {
  const parts = readGraphParts(data, /^pull\d+$/);
  if (parts.kind !== 'ok') return parts;
  const { fields, failed: broken } = parts.value;
  const others = [...broken.values()].filter((type) => type !== 'NOT_FOUND');
  if (others.includes('FORBIDDEN')) return forbidden;
  if (others.length > 0) return unsure(`invalid answer (${others.join(', ')})`);
  try {
    return ok(pageOf(fields, new Set(broken.keys()), numbers));
  } catch (error) {
    if (error instanceof v.ValiError) return unsure(`invalid answer (${error.message})`);
    throw error;
  }
};

/** What is over needs no number: nothing is written to it any more. */
const numbered = ({ node, ...record }: Unnumbered, ids: RecordIds): readonly PreviewRecord[] => {
  const id = record.id ?? ids.known(node);
  if (id !== undefined) return [{ ...record, id }];
  if (record.state === 'inactive') return [];
  throw failed(NAMED, `GitHub told no number for the deployment ${node}`);
};

const lacksNumber = ({ id, node, state }: Unnumbered, ids: RecordIds): boolean =>
  state !== 'inactive' && id === undefined && ids.known(node) === undefined;

const previewFacts = async (client: Client, ids: RecordIds, question: PreviewQuestion): Promise<PreviewFacts> => {
  const { graphqlUrl, repository } = client.options;
  const request: Request<Page> = {
    ...NAMED,
    route: `POST ${graphqlUrl}`,
    parameters: { ...previewQuery(question, repository) },
    read: (data) => read(data, question.pulls)
  };
  const { records, pulls, next } = valueOf(request, await client.ask(request));
  const page = question.after?.page ?? 1;
  if (records.some((each) => lacksNumber(each, ids))) await ids.look(PREVIEW_ENVIRONMENT, { task: 'preview', page });
  return {
    records: records.flatMap((each) => numbered(each, ids)).toSorted((a, b) => b.id - a.id),
    pulls,
    next: next === null ? null : { cursor: next, page: page + 1 }
  };
};

const orderOf = ({ commit, description, payload }: NewPreviewRecord): Order => ({
  task: 'preview',
  environment: PREVIEW_ENVIRONMENT,
  commit,
  production: false,
  transient: true,
  description,
  payload,
  isTwin: (each) => {
    const theirs = parsePreviewPayload(each);
    const { run, kind, pull } = payload;
    if (theirs === undefined || theirs.kind !== kind || theirs.pull !== pull) return false;
    return theirs.run.id === run.id && theirs.run.attempt === run.attempt;
  }
});

export const createPreviews = (client: Client, ids: RecordIds, { file }: Filing): Previews => ({
  previewFacts: (question) => previewFacts(client, ids, question),
  createPreviewRecord: (record) => file(orderOf(record))
});
