import * as v from 'valibot';
import type { RecordState } from '../../domain/deployment.ts';
import type { StatusUpdate } from '../../ports.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { ok, valueOf } from './reply.ts';
import type { Reply } from './reply.ts';
import { id } from './shapes.ts';
import { cut } from './text.ts';

const permission = 'deployments: write';
/** GitHub's limit for descriptions of deployments and statuses. */
export const DESCRIPTION = 140;

const statusOf = ({ state, description, environmentUrl, logUrl }: StatusUpdate): Readonly<Record<string, unknown>> => ({
  state,
  description: cut(description, DESCRIPTION),
  ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
  ...(logUrl === undefined ? {} : { log_url: logUrl })
});

const statusesShape = v.array(v.object({ state: v.string(), description: v.nullish(v.string(), '') }));

const newestStatus = async (
  client: Client,
  record: number
): Promise<v.InferOutput<typeof statusesShape>[number] | undefined> => {
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const parameters = { deployment_id: record, per_page: 1 };
  const request = { call: route, route, permission: 'deployments: read', parameters, read: shaped(statusesShape) };
  return valueOf(request, await client.ask(request)).at(0);
};

const STATES = ['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] as const;

/** A state we never write is no end of a delivery. */
export const recordState = async (client: Client, record: number): Promise<RecordState> => {
  const newest = await newestStatus(client, record);
  return STATES.find((state) => state === newest?.state) ?? 'pending';
};

/** The newest status, when it says what was to be written: a second one would only be noise. */
const written = async (client: Client, record: number, update: StatusUpdate): Promise<true | undefined> => {
  const newest = await newestStatus(client, record);
  return newest?.state === update.state && newest.description === cut(update.description, DESCRIPTION)
    ? true
    : undefined;
};

const accepted = (data: unknown): Reply<true> => {
  const reply = shaped(v.object({ id, state: v.string() }))(data);
  return reply.kind === 'ok' ? ok(true) : reply;
};

export const setStatus = async (client: Client, record: number, update: StatusUpdate): Promise<void> => {
  const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const parameters = { deployment_id: record, ...statusOf(update) };
  const request: Request<true> = { call: route, route, permission, parameters, read: accepted };
  const find = (): Promise<true | undefined> => written(client, record, update);
  valueOf(request, await client.change(request, { find, looks: 1 }));
};
