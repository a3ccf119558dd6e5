import type { Kind } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import type { Version } from '../domain/version.ts';
import { recordsOf } from '../rules/promotion.ts';
import { replaced } from '../rules/live.ts';
import type { Candidate } from '../rules/choose-version.ts';

import type { Context } from './context.ts';
import { fetchRelease } from './fetch-release.ts';
import type { FetchedRelease } from './fetch-release.ts';
import type { Asked } from './gather.ts';
import type { Installation } from './procedure.ts';
import { putIn } from './put-in.ts';
import type { Result } from './put-in.ts';
import { rehearsalTarget, rehearse } from './rehearse.ts';
import { isProduction, sceneOf } from './ticket.ts';
import { mark, markAll } from './turn.ts';
import type { Place } from './ticket.ts';

/** A version that may touch the target now: decided, queued, its turn come. */
export interface Permit {
  readonly record: number;
  readonly asked: Asked;
  readonly candidate: Candidate;
  readonly kind: Kind;
}

const installationOf = (permit: Permit, release: FetchedRelease): Installation => ({
  release,
  environment: permit.asked.environment,
  previous: replaced(recordsOf(permit.asked.facts, permit.asked.environment.name), permit.candidate),
  kind: permit.kind
});

/**
 * GitHub makes older records inactive by itself, except in production environments (`auto_inactive` of a deployment
 * status): there it is ours to do.
 */
export const retireOthers = async (context: Context, place: Place, live: Live): Promise<void> => {
  if (!isProduction(place)) return;
  const { records } = sceneOf(place);
  const others = records.filter(({ id, state }) => state === 'success' && id !== live.record).map(({ id }) => id);
  await markAll(context, others, { state: 'inactive', text: { kind: 'replaced', version: live.version } });
};

interface Live {
  readonly record: number;
  readonly version: Version;
}

/** The delivery has succeeded and says so already; a replaced record left open must not undo that. */
const retired = async (context: Context, { asked, record, candidate }: Permit): Promise<readonly Note[]> => {
  try {
    await retireOthers(context, asked, { record, version: candidate.version });
    return [];
  } catch (error) {
    return [{ kind: 'not-retired', problem: String(error) }];
  }
};

/** In an environment that rehearses, a new version also has to let the one before it come back and return itself. */
const putInAndRehearse = async (context: Context, permit: Permit, installation: Installation): Promise<Result> => {
  const result = await putIn(context, installation);
  const before = result.kind === 'good' && permit.kind === 'deploy' ? rehearsalTarget(permit.asked) : undefined;
  return before === undefined ? result : rehearse(context, installation, before);
};

/**
 * Fetch, prove, unpack; only then `in_progress`, which says that the target may be touched; run; verify; record.
 * A broken installation leaves the record open: the caller closes it when the environment is settled.
 */
export const carryOut = async (context: Context, permit: Permit): Promise<Result> => {
  const { candidate, record } = permit;
  const { version } = candidate;
  const release = await fetchRelease(context, candidate);
  await mark(context, record, { state: 'in_progress', text: { kind: 'started', version } });
  const result = await putInAndRehearse(context, permit, installationOf(permit, release));
  if (result.kind === 'broken') {
    context.say({ kind: 'broken', version, environment: permit.asked.environment.name, why: result.why });
    return result;
  }
  const { environmentUrl } = result;
  await mark(context, record, {
    state: 'success',
    text: { kind: 'succeeded', version },
    ...(environmentUrl === undefined ? {} : { environmentUrl })
  });
  return { ...result, notes: [...result.notes, ...(await retired(context, permit))] };
};
