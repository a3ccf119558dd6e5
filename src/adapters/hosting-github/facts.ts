import { ValiError } from 'valibot';
import type { DeploymentRecord } from '../../domain/deployment.ts';
import type { FactsQuestion, HostingFacts } from '../../ports.ts';
import type { Client, Request } from './client.ts';
import { readFacts } from './facts-map.ts';
import type { Read, Unnumbered } from './facts-map.ts';
import { factsQuery } from './facts-query.ts';
import { readGraph } from './graph-answer.ts';
import type { RecordIds } from './record-ids.ts';
import { failed, ok, unsure, valueOf } from './reply.ts';
import type { Named, Reply } from './reply.ts';

const NAMED: Named = { call: 'GraphQL: records, releases and stops', permission: 'deployments: read' };

const readAnswer = (data: unknown, question: FactsQuestion): Reply<Read> => {
  const graph = readGraph(data);
  if (graph.kind !== 'ok') return graph;
  try {
    return ok(readFacts(graph.value, question));
  } catch (error) {
    if (error instanceof ValiError) return unsure(`invalid answer (${error.message})`);
    throw error;
  }
};

const numbered = ({ node, ...record }: Unnumbered, ids: RecordIds): DeploymentRecord => {
  const id = record.id ?? ids.known(node);
  if (id === undefined) throw failed(NAMED, `GitHub told no number for the deployment ${node}`);
  return { ...record, id };
};

/** One call; one more per environment where GraphQL cannot tell the numbers of new records (see `RecordIds`). */
export const readHostingFacts = async (
  client: Client,
  ids: RecordIds,
  question: FactsQuestion
): Promise<HostingFacts> => {
  const { graphqlUrl, repository } = client.options;
  const request: Request<Read> = {
    ...NAMED,
    route: `POST ${graphqlUrl}`,
    parameters: { ...factsQuery(question, repository) },
    read: (data) => readAnswer(data, question)
  };
  const read = valueOf(request, await client.ask(request));
  const records = new Map<string, readonly DeploymentRecord[]>();
  for (const [environment, listed] of read.records) {
    if (listed.some(({ id, node }) => id === undefined && ids.known(node) === undefined)) await ids.look(environment);
    const complete = listed.map((each) => numbered(each, ids));
    records.set(
      environment,
      complete.toSorted((a, b) => b.id - a.id)
    );
  }
  return { records, releases: read.releases, stops: read.stops };
};
