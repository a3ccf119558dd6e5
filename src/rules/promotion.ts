import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import type { Proof } from '../domain/proposal.ts';
import type { PublishedRelease } from '../domain/release.ts';
import { compareVersions, versionInTag } from '../domain/version.ts';
import type { TagForm, Version } from '../domain/version.ts';
import { successOf } from './live.ts';
import type { Success } from './live.ts';

const SECOND_MS = 1000;

/** A version on its way to an environment. */
export interface Promotion {
  readonly version: Version;
  readonly digest: string;
  readonly environment: Environment;
  /** Records of every environment concerned, newest first, by lower-case name. */
  readonly records: ReadonlyMap<string, readonly DeploymentRecord[]>;
  readonly now: Date;
}

export const recordsOf = (promotion: Pick<Promotion, 'records'>, environment: string): readonly DeploymentRecord[] =>
  promotion.records.get(environment.toLowerCase()) ?? [];

/** Bytes that ran well here before need no second proof elsewhere: this is what lets a rollback go at once. */
const provenHere = (promotion: Promotion): boolean =>
  successOf(recordsOf(promotion, promotion.environment.name), promotion) !== undefined;

/** The same bytes must have succeeded in every environment needed (promise R6). */
export const unproven = (promotion: Promotion): Reason | undefined => {
  if (provenHere(promotion)) return undefined;
  const missing = promotion.environment.needs.filter(
    (need) => successOf(recordsOf(promotion, need), promotion) === undefined
  );
  const { version, environment } = promotion;
  return missing.length === 0
    ? undefined
    : reason('not-proven', { version, environment: environment.name, needs: missing.join(', ') });
};

/** Where and when the environments needed have proven these bytes, by which run. */
export const proofsOf = (promotion: Promotion): readonly Proof[] =>
  promotion.environment.needs.flatMap((need) => {
    const success = successOf(recordsOf(promotion, need), promotion);
    if (success === undefined) return [];
    return [{ environment: need, succeededAt: success.succeededAt, runUrl: success.payload.run.url }];
  });

/** Counted from the success until the version was replaced there, or until now. */
const soaked = (record: Success, now: Date): number => {
  const start = Date.parse(record.succeededAt);
  const end = record.endedAt === undefined ? now.getTime() : Date.parse(record.endedAt);
  return (end - start) / SECOND_MS;
};

export const stillSoaking = (promotion: Promotion): Reason | undefined => {
  const { environment, version, now } = promotion;
  if (environment.soakSeconds === 0 || provenHere(promotion)) return undefined;
  for (const need of environment.needs) {
    const success = successOf(recordsOf(promotion, need), promotion);
    const missing = success === undefined ? 0 : environment.soakSeconds - soaked(success, now);
    if (missing > 0) {
      const until = new Date(now.getTime() + missing * SECOND_MS).toISOString();
      return reason('soak', { version, needs: need, until });
    }
  }
  return undefined;
};

/** The last rebuild of an environment, else the oldest record we can see: it is at least that old. */
const builtAt = (records: readonly DeploymentRecord[]): string | undefined =>
  (records.find((record) => record.payload.kind === 'rebuild' && record.succeededAt !== undefined) ?? records.at(-1))
    ?.createdAt;

/** An environment that nobody rebuilt for too long proves little about production. */
export const pastBestBefore = (promotion: Promotion): Reason | undefined => {
  const { environment, now } = promotion;
  const limit = environment.bestBeforeSeconds;
  if (limit === undefined) return undefined;
  for (const need of environment.needs) {
    const since = builtAt(recordsOf(promotion, need));
    if (since !== undefined && now.getTime() - Date.parse(since) > limit * SECOND_MS) {
      return reason('best-before', { needs: need, since, limit: String(limit) });
    }
  }
  return undefined;
};

/** The versions after `from` up to `to`. */
export interface Span {
  readonly from: Version | undefined;
  readonly to: Version;
}

export const isWithin = ({ from, to }: Span, version: Version): boolean =>
  compareVersions(version, to) <= 0 && (from === undefined || compareVersions(version, from) > 0);

/** The changes between what runs there and the version: those of every release after the first up to the second. */
export const batchSize = (releases: readonly PublishedRelease[], form: TagForm, span: Span): number =>
  releases
    .filter((release) => {
      const version = versionInTag(form, release.tag);
      return version !== undefined && isWithin(span, version);
    })
    .reduce((sum, release) => sum + (release.note?.changes ?? 0), 0);
