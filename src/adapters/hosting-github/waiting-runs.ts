import * as v from 'valibot';
import type { AtGates, Waiting } from '../../domain/proposal.ts';
import type { Runs } from '../../ports.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { ok, unsure, valueOf } from './reply.ts';
import { id, link } from './shapes.ts';

const permission = 'actions: read';
const PER_PAGE = 100;

const repositoryShape = v.object({ private: v.boolean(), visibility: v.optional(v.string()) });

/** An internal repository belongs to an enterprise, which has every protection rule: it counts as public here. */
const visibility = async (client: Client): Promise<'public' | 'private'> => {
  const route = 'GET /repos/{owner}/{repo}';
  const request = { call: route, route, permission: 'metadata: read', read: shaped(repositoryShape) };
  const repository = valueOf(request, await client.ask(request));
  return (repository.visibility ?? (repository.private ? 'private' : 'public')) === 'private' ? 'private' : 'public';
};

const runShape = v.object({ id, run_number: id, event: v.string(), html_url: link });
const ownShape = v.object({ run_number: id, workflow_id: id });
const listShape = v.object({ workflow_runs: v.array(runShape) });

/** GitHub's status `waiting`: at least one job stands before a protection rule (`pending` is a concurrency group). */
const waiting = async (client: Client, run: number): Promise<Waiting> => {
  const own = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const about = { call: own, route: own, permission, parameters: { run_id: run }, read: shaped(ownShape) };
  const { run_number: ours, workflow_id } = valueOf(about, await client.ask(about));
  const route = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
  const parameters = { workflow_id, status: 'waiting', per_page: PER_PAGE };
  const request = { call: route, route, permission, parameters, read: shaped(listShape) };
  const { workflow_runs } = valueOf(request, await client.ask(request));
  return {
    ours,
    runs: workflow_runs
      .filter((each) => each.id !== run)
      .map(({ id: number, run_number, event, html_url: url }) => ({ id: number, number: run_number, event, url }))
  };
};

const jobsShape = v.object({ total_count: v.number(), jobs: v.array(v.object({ status: v.string() })) });
const pendingShape = v.array(v.object({ environment: v.object({ name: v.optional(v.string(), '') }) }));

/** Jobs that wait for a gate, or have ended; `queued` and `pending` ones have passed theirs and are about to begin. */
const IDLE = ['waiting', 'completed'];

/** What is more than one answer lists cannot be known to be idle. */
const isWorking = async (client: Client, run: number): Promise<boolean> => {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs';
  const parameters = { run_id: run, filter: 'latest', per_page: PER_PAGE };
  const request = { call: route, route, permission, parameters, read: shaped(jobsShape) };
  const { total_count, jobs } = valueOf(request, await client.ask(request));
  return total_count > jobs.length || jobs.some(({ status }) => !IDLE.includes(status));
};

const atGates = async (client: Client, run: number): Promise<AtGates> => {
  if (await isWorking(client, run)) return { kind: 'working' };
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments';
  const request = { call: route, route, permission, parameters: { run_id: run }, read: shaped(pendingShape) };
  const pending = valueOf(request, await client.ask(request));
  return { kind: 'waiting', environments: pending.map(({ environment }) => environment.name) };
};

/** 409: it has ended already. A cancellation whose reply was lost is simply sent again. */
const cancelRun = async (client: Client, run: number): Promise<'cancelled' | 'over'> => {
  const route = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel';
  const request: Request<'cancelled'> = {
    call: route,
    route,
    permission: 'actions: write',
    parameters: { run_id: run },
    read: (_, status) => (status === 202 ? ok('cancelled') : unsure(`invalid answer (status ${status})`))
  };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 409) return 'over';
  return valueOf(request, answer);
};

/** Calls: `waiting` 2, `atGates` 1 or 2, the others 1. */
export const createWaitingRuns = (client: Client): Pick<Runs, 'visibility' | 'waiting' | 'atGates' | 'cancelRun'> => ({
  visibility: () => visibility(client),
  waiting: (run) => waiting(client, run),
  atGates: (run) => atGates(client, run),
  cancelRun: (run) => cancelRun(client, run)
});
