import * as v from 'valibot';
import type { DeploymentRecord, RecordState } from '../../domain/deployment.ts';
import type { Stop } from '../../domain/environment.ts';
import type { PublishedRelease } from '../../domain/release.ts';
import { readTagMessage } from '../../domain/tag-message.ts';
import type { FactsQuestion } from '../../ports.ts';
import { parsePayload } from '../../config/payload.ts';
import { id, link, sha, timestamp } from './shapes.ts';

export const nodes = <T>(node: v.GenericSchema<unknown, T>) =>
  v.pipe(
    v.object({ nodes: v.array(v.nullable(node)) }),
    v.transform((connection) => connection.nodes.filter((each) => each !== null))
  );

const statusShape = v.object({ state: v.string(), createdAt: timestamp, environmentUrl: v.nullable(v.string()) });
type Status = v.InferOutput<typeof statusShape>;

export const recordShape = v.object({
  id: v.string(),
  databaseId: v.nullish(id),
  environment: v.nullable(v.string()),
  commitOid: sha,
  task: v.nullable(v.string()),
  payload: v.nullable(v.string()),
  state: v.nullable(v.string()),
  createdAt: timestamp,
  statuses: v.nullable(nodes(statusShape))
});
export type RecordNode = v.InferOutput<typeof recordShape>;

export const releaseShape = v.object({
  databaseId: id,
  tagName: v.string(),
  isDraft: v.boolean(),
  isPrerelease: v.boolean(),
  isLatest: v.optional(v.boolean(), false),
  url: link,
  tagCommit: v.nullable(v.object({ oid: sha })),
  tag: v.nullable(v.object({ target: v.nullable(v.object({ message: v.optional(v.string()) })) }))
});
type ReleaseNode = v.InferOutput<typeof releaseShape>;

const stopShape = v.object({
  number: id,
  url: link,
  title: v.string(),
  createdAt: timestamp,
  author: v.nullable(v.object({ login: v.string() }))
});

/** A record of ours whose number GraphQL may not have told. */
export interface Unnumbered extends Omit<DeploymentRecord, 'id'> {
  readonly node: string;
  readonly id: number | undefined;
}

export interface Read {
  /** By lower-case environment, ours only, in GitHub's order. */
  readonly records: ReadonlyMap<string, readonly Unnumbered[]>;
  readonly releases: readonly PublishedRelease[];
  readonly stops: readonly Stop[];
}

const STATES: Readonly<Record<string, RecordState>> = {
  ACTIVE: 'success',
  SUCCESS: 'success',
  DESTROYED: 'inactive',
  INACTIVE: 'inactive',
  ERROR: 'error',
  FAILURE: 'failure',
  IN_PROGRESS: 'in_progress',
  QUEUED: 'queued',
  PENDING: 'pending',
  WAITING: 'pending'
};

export const newestOf = (statuses: readonly Status[]): Status | undefined =>
  statuses.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)).at(0);

/** `ABANDONED` only says that nobody wrote for 30 minutes (GraphQL reference, DeploymentState): the last word stands,
 * and the record stays visible as the ticket it is. A state we do not know is treated the same way. */
export const stateOf = ({ state }: RecordNode, statuses: readonly Status[]): RecordState =>
  STATES[state ?? ''] ?? STATES[newestOf(statuses)?.state ?? ''] ?? 'pending';

const firstOf = (statuses: readonly Status[], states: readonly string[]): string | undefined =>
  statuses
    .filter(({ state }) => states.includes(state))
    .map(({ createdAt }) => createdAt)
    .toSorted()
    .at(0);

type Times = Pick<DeploymentRecord, 'startedAt' | 'succeededAt' | 'endedAt'>;

const timesOf = (statuses: readonly Status[], state: RecordState): Times => {
  const startedAt = firstOf(statuses, ['IN_PROGRESS']);
  const succeededAt = firstOf(statuses, ['SUCCESS']);
  const over = state === 'inactive' || state === 'failure' || state === 'error';
  const endedAt = over ? firstOf(statuses, ['INACTIVE', 'FAILURE', 'ERROR']) : undefined;
  return {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(succeededAt === undefined ? {} : { succeededAt }),
    ...(endedAt === undefined ? {} : { endedAt })
  };
};

/** Undefined for every deployment that is not one of ours: another task, no payload of ours, moved elsewhere. */
export const recordOf = (node: RecordNode, environment: string): Unnumbered | undefined => {
  const payload = node.task === 'deploy' ? parsePayload(node.payload) : undefined;
  if (payload === undefined || node.environment?.toLowerCase() !== environment) return undefined;
  const statuses = node.statuses ?? [];
  const state = stateOf(node, statuses);
  const url = newestOf(statuses.filter((each) => (each.environmentUrl ?? '') !== ''))?.environmentUrl ?? undefined;
  return {
    node: node.id,
    id: node.databaseId ?? undefined,
    environment: node.environment,
    commit: node.commitOid,
    state,
    createdAt: node.createdAt,
    ...timesOf(statuses, state),
    ...(url === undefined ? {} : { url }),
    payload
  };
};

/** Undefined for drafts and for releases whose tag is gone. */
export const releaseOf = (node: ReleaseNode): PublishedRelease | undefined => {
  if (node.isDraft || node.tagCommit === null) return undefined;
  const note = readTagMessage(node.tag?.target?.message ?? '');
  return {
    id: node.databaseId,
    tag: node.tagName,
    commit: node.tagCommit.oid,
    prerelease: node.isPrerelease,
    ...(node.isLatest ? { latest: true } : {}),
    url: node.url,
    ...(note === undefined ? {} : { note })
  };
};

const releasesIn = (fields: Fields): readonly PublishedRelease[] => {
  const listed = v.parse(nodes(releaseShape), fields['releases']);
  const asked = v.parse(v.nullish(releaseShape), fields['asked']) ?? undefined;
  const missing = asked !== undefined && listed.every(({ databaseId }) => databaseId !== asked.databaseId);
  return [...listed, ...(missing ? [asked] : [])].flatMap((node) => releaseOf(node) ?? []);
};

type Fields = Readonly<Record<string, unknown>>;

const stopsIn = (fields: Fields): readonly Stop[] =>
  v
    .parse(nodes(stopShape), fields['stops'])
    .map(({ author, ...stop }) => ({ ...stop, author: author?.login ?? 'ghost' }));

/** Throws a `ValiError` when the answer has not the shape of the query. */
export const readFacts = (fields: Fields, { environments }: FactsQuestion): Read => {
  const records = environments.map((name, index): [string, readonly Unnumbered[]] => {
    const environment = name.toLowerCase();
    const listed = v.parse(nodes(recordShape), fields[`env${index}`]);
    return [environment, listed.flatMap((node) => recordOf(node, environment) ?? [])];
  });
  return { records: new Map(records), releases: releasesIn(fields), stops: stopsIn(fields) };
};
