import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Stop } from '../domain/environment.ts';
import { compareVersions } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';
import { isOpen, lastGood, liveIn } from './live.ts';

/** One environment's records and the open stops of the line. */
export interface Scene {
  readonly records: readonly DeploymentRecord[];
  readonly stops: readonly Stop[];
}

/** A way back from a version that broke, begun or due and not ended. */
export interface WayBack {
  /** The version that broke. */
  readonly from: Version;
  /** The record whose version comes back. */
  readonly to: DeploymentRecord;
  /** The record that was left between two versions. */
  readonly left: DeploymentRecord;
}

/** So many automatic rollbacks in a row may end without a word; then people are left to it, and the list of records is spared. */
const MOST_TRIES = 5;

/** Nobody chose it and nobody approved it: an older version goes anywhere by itself only on the way back from one that broke. */
const isAutomatic = ({ payload }: DeploymentRecord): boolean =>
  payload.kind === 'rollback' && payload.manualTouches === 0;

/** What names of versions and environments are made of. */
const INSIDE_A_NAME = /[\p{L}\p{N}._+/-]/u;

/** As a name of its own: `production-eu` does not name `production`. */
const isNamedIn = (text: string, name: string): boolean => {
  const at = text.indexOf(name);
  if (at < 0) return false;
  const after = text.slice(at + name.length);
  return !INSIDE_A_NAME.test(`${text.charAt(at - 1)}${after.charAt(0)}`) || isNamedIn(after, name);
};

/** The issue that a broken delivery opens names its version and its environment, whatever the language. */
const isAbout = (stop: Stop, { payload, environment, startedAt }: DeploymentRecord): boolean =>
  startedAt !== undefined &&
  Date.parse(stop.createdAt) >= Date.parse(startedAt) &&
  isNamedIn(stop.title, payload.version) &&
  isNamedIn(stop.title, environment);

export const beganToGoBack = (record: DeploymentRecord, records: Scene['records']): boolean =>
  records.some(
    ({ id, payload }) => id > record.id && payload.kind === 'rollback' && payload.run.id === record.payload.run.id
  );

/**
 * A delivery whose run stopped the line for it, or began a rollback, has failed; it only had no time to say so. Both are
 * written before the way back touches anything.
 */
export const hasBroken = (record: DeploymentRecord, { records, stops }: Scene): boolean =>
  record.payload.kind === 'deploy' &&
  (beganToGoBack(record, records) || (isOpen(record) && stops.some((stop) => isAbout(stop, record))));

/** What ran before the delivery, else the last version that worked: where its automatic rollback goes. */
export const goesBackTo = (
  records: Scene['records'],
  broken: { readonly id: number; readonly version: Version }
): DeploymentRecord | undefined => {
  const live = liveIn(records.filter(({ id }) => id !== broken.id));
  return live.kind === 'version' ? live.record : lastGood(records, broken.version);
};

const triesSince = (records: Scene['records']): number => {
  const lastSuccess = Math.max(0, ...records.filter((each) => each.succeededAt !== undefined).map(({ id }) => id));
  return records.filter((each) => isAutomatic(each) && each.id > lastSuccess).length;
};

const unfinished = (left: DeploymentRecord, scene: Scene): WayBack | undefined => {
  const { payload, state } = left;
  if (isAutomatic(left)) {
    const from = payload.previous ?? undefined;
    return state === 'failure' || from === undefined ? undefined : { from, to: left, left };
  }
  const from = payload.version;
  const broke = payload.kind === 'deploy' && (state === 'failure' || hasBroken(left, scene));
  const to = broke ? goesBackTo(scene.records, { id: left.id, version: from }) : undefined;
  // filed before a newer version arrived, it has become a rollback itself: those are people's own, and nobody undoes them
  return to === undefined || compareVersions(to.payload.version, from) > 0 ? undefined : { from, to, left };
};

/**
 * A version that is known to have failed stands there, or is half gone, and nothing touched the target since. A rollback
 * that was proven to fail is not made again.
 */
export const wayBackLeft = (scene: Scene): WayBack | undefined => {
  const live = liveIn(scene.records);
  if (live.kind !== 'unknown' || triesSince(scene.records) >= MOST_TRIES) return undefined;
  return unfinished(live.record, scene);
};
