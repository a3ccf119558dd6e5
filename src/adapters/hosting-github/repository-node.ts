import * as v from 'valibot';
import type { Client } from './client.ts';
import { readGraph } from './graph-answer.ts';
import { ok, unsure, valueOf } from './reply.ts';
import type { Reply } from './reply.ts';

/** The repository as GraphQL names it in changes; what a query told along the way costs no further call. */
export interface RepositoryNode {
  readonly learn: (node: unknown) => void;
  /** One call where nothing was learnt. */
  readonly id: () => Promise<string>;
}

const nodeShape = v.pipe(v.string(), v.minLength(1));

const nodeIn = (data: unknown): Reply<string> => {
  const graph = readGraph(data);
  if (graph.kind !== 'ok') return graph;
  const node = v.safeParse(nodeShape, graph.value['id']);
  return node.success ? ok(node.output) : unsure('invalid answer (repository)');
};

const ask = async (client: Client): Promise<string> => {
  const query = 'query node($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }';
  const request = {
    call: 'GraphQL: the repository',
    permission: 'contents: read',
    route: `POST ${client.options.graphqlUrl}`,
    parameters: { query, variables: { ...client.options.repository } },
    read: nodeIn
  };
  return valueOf(request, await client.ask(request));
};

export const createRepositoryNode = (client: Client): RepositoryNode => {
  let known: string | undefined;
  return {
    learn: (node) => {
      if (v.is(nodeShape, node)) known = node;
    },
    id: async () => {
      known ??= await ask(client);
      return known;
    }
  };
};
