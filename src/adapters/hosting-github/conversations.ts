import * as v from 'valibot';
import type { Conversation } from '../../domain/announcement.ts';
import type { Announcing, ConversationKind, ConversationQuestion, NewComment } from '../../ports/announcing.ts';
import { nothing, shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { aliasOf, conversationsQuery, earlierQuery, isPossible } from './conversations-query.ts';
import type { Query } from './facts-query.ts';
import { readGraph } from './graph-answer.ts';
import { ok, unsure, valueOf } from './reply.ts';
import type { Reply } from './reply.ts';
import { awaited, reactFirst } from './first-reaction.ts';
import type { RepositoryNode } from './repository-node.ts';
import { id } from './shapes.ts';

/** GitHub answers a query within ten seconds or not at all, and comments may be long. */
const AT_ONCE = 50;

const COMMENTS = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

const writing = (kind: ConversationKind): string => (kind === 'pull' ? 'pull-requests: write' : 'issues: write');

const names = v.object({ nodes: v.array(v.nullable(v.object({ name: v.string() }))) });
const saidShape = v.object({
  pageInfo: v.object({ hasPreviousPage: v.boolean(), startCursor: v.nullable(v.string()) }),
  nodes: v.array(
    v.nullable(
      v.object({
        // numbers of comments have outgrown GraphQL's `Int`, so they travel as text
        fullDatabaseId: v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), id),
        body: v.string(),
        viewerDidAuthor: v.boolean()
      })
    )
  )
});
type Said = v.InferOutput<typeof saidShape>;

const issueShape = v.object({
  type: v.literal('Issue'),
  number: id,
  labels: v.nullable(names),
  comments: saidShape
});
const pullShape = v.object({
  type: v.literal('PullRequest'),
  number: id,
  merged: v.boolean(),
  labels: v.nullable(names),
  closingIssuesReferences: v.nullable(
    v.object({
      nodes: v.array(v.nullable(v.object({ number: id, repository: v.object({ nameWithOwner: v.string() }) })))
    })
  ),
  comments: saidShape
});
const nodeShape = v.variant('type', [issueShape, pullShape]);
type Node = v.InferOutput<typeof nodeShape>;

const graphRequest = <T>(
  client: Client,
  query: Query,
  read: (fields: Readonly<Record<string, unknown>>) => Reply<T>
) => {
  const request: Request<T> = {
    call: 'GraphQL: pull requests, issues and our comments',
    permission: 'pull-requests: read',
    route: `POST ${client.options.graphqlUrl}`,
    parameters: { ...query },
    read: (data) => {
      const graph = readGraph(data);
      return graph.kind === 'ok' ? read(graph.value) : graph;
    }
  };
  return client.ask(request).then((answer) => valueOf(request, answer));
};

/** What others wrote is never ours, whatever marker it bears. */
const oursIn = (said: Said, marker: string): Conversation['ours'] =>
  said.nodes
    .filter((comment) => comment !== null)
    .filter(({ viewerDidAuthor, body }) => viewerDidAuthor && body.startsWith(marker))
    .map(({ fullDatabaseId, body }) => ({ id: fullDatabaseId, body }))
    .toSorted((a, b) => a.id - b.id);

const closesIn = (node: Node, { options: { repository } }: Client): readonly number[] => {
  if (node.type === 'Issue') return [];
  const here = `${repository.owner}/${repository.name}`.toLowerCase();
  return (node.closingIssuesReferences?.nodes ?? [])
    .filter((issue) => issue !== null)
    .filter((issue) => issue.repository.nameWithOwner.toLowerCase() === here)
    .map(({ number }) => number);
};

interface Place {
  readonly client: Client;
  readonly kind: ConversationKind;
  readonly marker: string;
}

interface Reader {
  readonly client: Client;
  readonly repository: RepositoryNode;
}

/** Goes back page by page where ours is not among the newest comments: a second one must not be made. */
const oursOf = async ({ client, kind, marker }: Place, { number, comments }: Node): Promise<Conversation['ours']> => {
  let said = comments;
  for (;;) {
    const ours = oursIn(said, marker);
    const { hasPreviousPage, startCursor: before } = said.pageInfo;
    if (ours.length > 0 || !hasPreviousPage || before === null) return ours;
    const shape = shaped(v.object({ comments: saidShape }));
    const query = earlierQuery({ kind, number, before }, client.options.repository);
    said = (await graphRequest(client, query, (fields) => shape(fields[aliasOf(kind, 0)]))).comments;
  }
};

const conversationOf = async (place: Place, node: Node): Promise<Conversation> => ({
  number: node.number,
  kind: node.type === 'Issue' ? 'issue' : 'pull',
  merged: node.type === 'Issue' || node.merged,
  labels: (node.labels?.nodes ?? []).flatMap((label) => label?.name ?? []),
  closes: closesIn(node, place.client),
  ours: await oursOf(place, node)
});

const nodesIn =
  ({ learn }: RepositoryNode) =>
  ({ id: node, ...fields }: Readonly<Record<string, unknown>>): Reply<readonly Node[]> => {
    learn(node);
    const parsed = v.safeParse(v.array(v.nullable(nodeShape)), Object.values(fields));
    return parsed.success
      ? ok(parsed.output.filter((each) => each !== null))
      : unsure('invalid answer (conversations)');
  };

const readSome = async (
  { client, repository }: Reader,
  place: Place,
  numbers: readonly number[]
): Promise<readonly Conversation[]> => {
  const query = conversationsQuery({ kind: place.kind, numbers }, client.options.repository);
  const found: Conversation[] = [];
  for (const node of await graphRequest(client, query, nodesIn(repository)))
    found.push(await conversationOf(place, node));
  return found;
};

const conversations = async (
  reader: Reader,
  { kind, numbers, marker }: ConversationQuestion
): Promise<readonly Conversation[]> => {
  const place: Place = { client: reader.client, kind, marker };
  const found: Conversation[] = [];
  const asked = numbers.filter(isPossible);
  for (let at = 0; at < asked.length; at += AT_ONCE)
    found.push(...(await readSome(reader, place, asked.slice(at, at + AT_ONCE))));
  return found;
};

const commentShape = v.object({ id, body: v.optional(v.string()) });
type Comment = v.InferOutput<typeof commentShape>;

type Find = () => Promise<Comment | undefined>;

const postComment = async (client: Client, { kind, number, body }: NewComment, find: Find): Promise<number> => {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const parameters = { issue_number: number, body };
  const request = { call: route, route, permission: writing(kind), parameters, read: shaped(commentShape) };
  return valueOf(request, await client.change(request, { find, looks: client.pace.looks })).id;
};

/**
 * The caller has the lock, so nobody else is making it. The reaction is the memory of the conversation: where somebody
 * began to comment before, a list that lags may hide the comment, which is waited for; then it was never made. After a
 * lost answer our comment is looked for; whoever calls looks again afterwards, for lists lag.
 */
const createComment = async (reader: Reader, comment: NewComment): Promise<number> => {
  const { client } = reader;
  const { kind, number, marker } = comment;
  const find: Find = async () => (await conversations(reader, { kind, numbers: [number], marker })).at(0)?.ours.at(0);
  const there = (await reactFirst(client, number, writing(kind))) === 'late' ? await awaited(client, find) : undefined;
  return there?.id ?? postComment(client, comment, find);
};

/** Calls: `conversations` one per 50 numbers (and one per 50 comments where ours stands further back), a new comment 2, the others 1. */
export const createConversations = (
  client: Client,
  repository: RepositoryNode
): Pick<Announcing, 'conversations' | 'createComment' | 'editComment' | 'deleteComment'> => ({
  conversations: (question) => conversations({ client, repository }, question),
  createComment: (comment) => createComment({ client, repository }, comment),
  editComment: async ({ kind, id: comment_id, body }) => {
    const route = `PATCH ${COMMENTS}`;
    const parameters = { comment_id, body };
    const request = { call: route, route, permission: writing(kind), parameters, read: shaped(commentShape) };
    const answer = await client.ask(request);
    if (answer.kind === 'refused' && answer.status === 404) return 'gone';
    valueOf(request, answer);
    return 'edited';
  },
  deleteComment: async ({ kind, id: comment_id }) => {
    const route = `DELETE ${COMMENTS}`;
    const request = { call: route, route, permission: writing(kind), parameters: { comment_id }, read: nothing };
    const answer = await client.ask(request);
    if (answer.kind === 'refused' && answer.status === 404) return;
    valueOf(request, answer);
  }
});
