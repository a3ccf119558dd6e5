import * as v from 'valibot';
import type { RecordState } from '../../domain/deployment.ts';
import type { NewRecord, StatusUpdate } from '../../ports.ts';
import { shaped } from './client.ts';
import type { Client, LookUp, Request } from './client.ts';
import { parsePayload } from '../../config/payload.ts';
import type { RecordIds } from './record-ids.ts';
import { failed, ok, valueOf } from './reply.ts';
import type { Reply } from './reply.ts';
import { id, sha } from './shapes.ts';
import { cut } from './text.ts';

const permission = 'deployments: write';
/** GitHub's limit for descriptions of deployments and statuses. */
const DESCRIPTION = 140;

const createdShape = v.object({ id, sha, node_id: v.optional(v.string()) });
type Created = v.InferOutput<typeof createdShape>;

const listShape = v.array(v.object({ ...createdShape.entries, task: v.string(), payload: v.unknown() }));

/** Our records of the same environment and commit made by the same attempt of the same run for the same purpose. */
const twins = async (client: Client, record: NewRecord): Promise<readonly Created[]> => {
  const route = 'GET /repos/{owner}/{repo}/deployments';
  const { environment, commit, payload } = record;
  const parameters = { environment, sha: commit, task: 'deploy', per_page: 100 };
  const request = { call: route, route, permission: 'deployments: read', parameters, read: shaped(listShape) };
  const { run, kind, version } = payload;
  return valueOf(request, await client.ask(request)).filter((each) => {
    const theirs = each.task === 'deploy' ? parsePayload(each.payload) : undefined;
    if (theirs === undefined || theirs.kind !== kind || theirs.version !== version) return false;
    return theirs.run.id === run.id && theirs.run.attempt === run.attempt;
  });
};

/**
 * `ref` is the full commit: a branch or tag could move between the check and the write. Without `auto_merge: false`
 * and `required_contexts: []` GitHub would merge or wait for this very job's check. The record outlives reviews of it,
 * so it is not transient.
 */
const creation = ({ environment, commit, production, description, payload }: NewRecord): Request<Created> => ({
  call: 'POST /repos/{owner}/{repo}/deployments',
  route: 'POST /repos/{owner}/{repo}/deployments',
  permission,
  parameters: {
    ref: commit,
    task: 'deploy',
    auto_merge: false,
    required_contexts: [],
    environment,
    production_environment: production,
    transient_environment: false,
    description: cut(description, DESCRIPTION),
    payload
  },
  read: (data) => {
    // 202: GitHub did something else (merged) and made no deployment; repeating it would do so again.
    const other = v.safeParse(v.strictObject({ message: v.string() }), data);
    if (!other.success) return shaped(createdShape)(data);
    return { kind: 'refused', status: 202, message: other.output.message, codes: [], forbidden: false };
  }
});

export interface RecordWrites {
  createRecord(record: NewRecord): Promise<number>;
  setStatus(record: number, update: StatusUpdate): Promise<void>;
  recordState(record: number): Promise<RecordState>;
}

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
const recordState = async (client: Client, record: number): Promise<RecordState> => {
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

const setStatus = async (client: Client, record: number, update: StatusUpdate): Promise<void> => {
  const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const parameters = { deployment_id: record, ...statusOf(update) };
  const request: Request<true> = { call: route, route, permission, parameters, read: accepted };
  const find = (): Promise<true | undefined> => written(client, record, update);
  valueOf(request, await client.change(request, { find, looks: 1 }));
};

/** Writes of records; one call each when nothing fails. */
export const createRecordWrites = (client: Client, ids: RecordIds): RecordWrites => {
  // A run may file the same version twice on purpose (it rehearses a rollback and comes back), so a lost reply must
  // not be taken for a record made earlier.
  const known = new Set<number>();

  const unknownTwins = async (record: NewRecord): Promise<readonly Created[]> => {
    const found = await twins(client, record);
    return found.filter((each) => !known.has(each.id)).toSorted((a, b) => a.id - b.id);
  };

  const close = (record: number, description: string): Promise<void> =>
    setStatus(client, record, { state: 'error', description });

  const createRecord = async (record: NewRecord): Promise<number> => {
    let looked = false;
    const find: LookUp<Created>['find'] = async () => {
      looked = true;
      return (await unknownTwins(record)).at(0);
    };
    const request = creation(record);
    const created = valueOf(request, await client.change(request, { find, looks: client.pace.looks }));
    known.add(created.id);
    ids.learn(created.node_id, created.id);
    if (created.sha !== record.commit) {
      await close(created.id, 'Filed at another commit than asked for');
      throw failed(request, `filed at ${created.sha} instead of ${record.commit}`);
    }
    // Only after a lost reply: had the list lagged so long that it was made twice, the spare one would hold the queue.
    const spare = looked ? await unknownTwins(record) : [];
    for (const { id: double } of spare) await close(double, 'Made twice: the first answer was lost');
    return created.id;
  };

  return {
    createRecord,
    setStatus: (record, update) => setStatus(client, record, update),
    recordState: (record) => recordState(client, record)
  };
};
