import * as v from 'valibot';
import type { Setting } from '../../domain/finding.ts';
import type { LedgerPage, LedgerQuestion, Ledgers } from '../../ports/ledger.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { readGraphRoot } from './graph-answer.ts';
import { ledgerPageIn } from './ledger-map.ts';
import { ledgerQuery } from './ledger-query.ts';
import { ok, unsure, valueOf } from './reply.ts';
import type { Named, Reply } from './reply.ts';
import { createPullStarts } from './pull-starts.ts';
import { id, link } from './shapes.ts';

const NAMED: Named = { call: 'GraphQL: the history of deliveries', permission: 'deployments: read' };

const readPage = (data: unknown, question: LedgerQuestion, apiUrl: string): Reply<LedgerPage> => {
  const graph = readGraphRoot(data);
  if (graph.kind !== 'ok') return graph;
  try {
    return ok(ledgerPageIn(graph.value, question, apiUrl));
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
