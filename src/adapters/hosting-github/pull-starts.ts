import * as v from 'valibot';
import type { PullStart } from '../../domain/ledger.ts';
import type { Ledgers, PullStarts } from '../../ports/ledger.ts';
import type { Client, Request } from './client.ts';
import { aliasOf, isPossible } from './conversations-query.ts';
import { nodes } from './facts-map.ts';
import type { Query } from './facts-query.ts';
import { readGraphParts } from './graph-answer.ts';
import type { GraphParts } from './graph-answer.ts';
import { ok, unsure, valueOf } from './reply.ts';
import type { Named, Reply } from './reply.ts';
import { sha, timestamp } from './shapes.ts';

const NAMED: Named = { call: 'GraphQL: the first commits of pull requests', permission: 'pull-requests: read' };

/** GitHub lists the commits of a pull request oldest first, and keeps the list as it was at the merge. */
export const pullStartsQuery = (
  numbers: readonly number[],
  repository: { readonly owner: string; readonly name: string }
): Query => {
  const declared = numbers.map((_, index) => `, $n${index}: Int!`).join('');
  const asked = numbers.map((_, index) => `${aliasOf('pull', index)}: pullRequest(number: $n${index}) { ...start }`);
  const query = `query pullStarts($owner: String!, $name: String!${declared}) {
  repository(owner: $owner, name: $name) {
    createdAt
    ${asked.join('\n    ')}
  }
}
fragment start on PullRequest {
  mergeCommit { oid }
  commits(first: 1) { nodes { commit { authoredDate } } }
}`;
  const named = Object.fromEntries(numbers.map((number, index) => [`n${index}`, number]));
  return { query, variables: { ...repository, ...named } };
};

/** Whoever made a commit chose its date: one that is no moment is none, and spoils nothing else. */
const startShape = v.object({
  mergeCommit: v.nullable(v.object({ oid: sha })),
  commits: nodes(v.object({ commit: v.object({ authoredDate: v.fallback(v.nullable(timestamp), null) }) }))
});

/** Nobody worked on it before the repository was made: a clock was wrong then. */
const startOf = ({ mergeCommit, commits }: v.InferOutput<typeof startShape>, made: string): PullStart => {
  const first = commits[0]?.commit.authoredDate ?? null;
  const firstCommitAt = first !== null && Date.parse(first) >= Date.parse(made) ? first : null;
  return { mergeCommit: mergeCommit?.oid ?? null, firstCommitAt };
};

const answerOf = ({ fields, failed }: GraphParts, numbers: readonly number[]): PullStarts => {
  const made = v.parse(timestamp, fields['createdAt']);
  const pulls = new Map<number, PullStart | null>();
  for (const [index, number] of numbers.entries()) {
    const alias = aliasOf('pull', index);
    const problem = failed.get(alias);
    if (problem === 'NOT_FOUND') pulls.set(number, null);
    else if (problem === undefined) pulls.set(number, startOf(v.parse(startShape, fields[alias]), made));
  }
  return { pulls, needs: [...failed.values()].includes('FORBIDDEN') ? NAMED.permission : null };
};

const read = (data: unknown, numbers: readonly number[]): Reply<PullStarts> => {
  const parts = readGraphParts(data, /^pull\d+$/);
  if (parts.kind !== 'ok') return parts;
  try {
    return ok(answerOf(parts.value, numbers));
  } catch (error) {
    if (error instanceof v.ValiError) return unsure(`invalid answer (${error.message})`);
    throw error;
  }
};

const pullStarts = async (client: Client, numbers: readonly number[]): Promise<PullStarts> => {
  const { graphqlUrl, repository } = client.options;
  const request: Request<PullStarts> = {
    ...NAMED,
    route: `POST ${graphqlUrl}`,
    parameters: { ...pullStartsQuery(numbers, repository) },
    read: (data) => read(data, numbers)
  };
  const answer = await client.ask(request);
  const forbidden = answer.kind === 'refused' && answer.forbidden && answer.status === 403;
  return forbidden ? { pulls: new Map(), needs: NAMED.permission } : valueOf(request, answer);
};

export const createPullStarts = (client: Client): Pick<Ledgers, 'pullStarts'> => ({
  pullStarts: async (numbers) => {
    const possible = numbers.filter(isPossible);
    const none = numbers.filter((number) => !isPossible(number)).map((number) => [number, null] as const);
    if (possible.length === 0) return { pulls: new Map(none), needs: null };
    const { pulls, needs } = await pullStarts(client, possible);
    return { pulls: new Map([...pulls, ...none]), needs };
  }
});
