import type { DeploymentRecord, Live } from '../domain/deployment.ts';
import { compareVersions } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';

/** All of these take one environment's records, in any order. */
type Records = readonly DeploymentRecord[];

/** A record that holds or waits for the environment: the ticket of a deployment. */
export const isOpen = ({ state }: Pick<DeploymentRecord, 'state'>): boolean =>
  state === 'pending' || state === 'queued' || state === 'in_progress';

const touched = (record: DeploymentRecord): boolean =>
  record.startedAt !== undefined || record.succeededAt !== undefined || record.state === 'in_progress';

const touchTime = ({ startedAt, succeededAt, createdAt }: DeploymentRecord): number =>
  Date.parse(startedAt ?? succeededAt ?? createdAt);

/**
 * Those that touched the target, the last to do so first. A ticket that waited may be older than the rollback it waited
 * for, so it is the time that counts; GitHub's times have whole seconds, within which the younger record comes first.
 */
const lastTouched = (records: Records): Records =>
  records.filter(touched).toSorted((a, b) => touchTime(b) - touchTime(a) || b.id - a.id);

/** What runs there (promise R2): the last record that touched the target decides; doubt is `unknown`, never a guess. */
export const liveIn = (records: Records): Live => {
  const last = lastTouched(records).at(0);
  if (last === undefined) return { kind: 'nothing' };
  if (last.state === 'success') return { kind: 'version', record: last };
  return last.state === 'inactive' && last.succeededAt !== undefined
    ? { kind: 'nothing' }
    : { kind: 'unknown', record: last };
};

/** The version a newcomer is compared with: the live one, or the one that broke last. */
export const standing = (records: Records): Version | undefined => {
  const live = liveIn(records);
  return live.kind === 'nothing' ? undefined : live.record.payload.version;
};

/** A version and its bytes: both must match, for two versions may pack the same files around different images. */
export interface Identity {
  readonly version: Version;
  readonly digest: string;
}

const carries = (record: DeploymentRecord, { version, digest }: Identity): boolean =>
  record.payload.version === version && record.payload.digest === digest;

/**
 * The version that these bytes replace. An interrupted delivery of the same bytes stands there half done; what it named is
 * what was there before it.
 */
export const replaced = (records: Records, identity: Identity): Version | undefined => {
  const live = liveIn(records);
  if (live.kind === 'unknown' && carries(live.record, identity)) return live.record.payload.previous ?? undefined;
  return standing(records);
};

/** The failure that keeps a version from going there by itself again; a later success of the same bytes lifts it. */
export const vetoOf = (records: Records, identity: Identity): DeploymentRecord | undefined => {
  const last = lastTouched(records).find((record) => carries(record, identity) && !isOpen(record));
  return last?.state === 'failure' ? last : undefined;
};

const wasGood = (records: Records, record: DeploymentRecord): boolean =>
  record.succeededAt !== undefined && vetoOf(records, record.payload) === undefined;

/** The newest record that worked, not counting `version`: where an automatic rollback goes. */
export const lastGood = (records: Records, except: Version): DeploymentRecord | undefined =>
  lastTouched(records).find((record) => record.payload.version !== except && wasGood(records, record));

/** A rollback that nobody finished: neither proven nor refuted. */
const isUnfinished = ({ payload, state }: DeploymentRecord): boolean =>
  payload.kind === 'rollback' && (state === 'in_progress' || state === 'error');

/**
 * The last good version OLDER than the one standing there, so that two rollbacks in a row do not swing back. A rollback
 * that was interrupted is asked for again, not one further back.
 */
export const goodBefore = (records: Records): DeploymentRecord | undefined => {
  const last = lastTouched(records).at(0);
  if (last !== undefined && isUnfinished(last)) {
    const meant = successOf(records, last.payload);
    if (meant !== undefined && wasGood(records, meant)) return meant;
  }
  const now = standing(records);
  if (now === undefined) return undefined;
  return lastTouched(records).find(
    (record) => compareVersions(record.payload.version, now) < 0 && wasGood(records, record)
  );
};

export type Success = DeploymentRecord & { readonly succeededAt: string };

export const succeeded = (record: DeploymentRecord): record is Success => record.succeededAt !== undefined;

/** Success of these very bytes in this environment, the latest one. */
export const successOf = (records: Records, identity: Identity): Success | undefined =>
  lastTouched(records)
    .filter(succeeded)
    .find((record) => carries(record, identity));

/** Exactly this runs there now. */
export const isLive = (records: Records, identity: Identity): boolean => {
  const live = liveIn(records);
  return live.kind === 'version' && carries(live.record, identity);
};
