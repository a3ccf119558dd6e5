import { candidates } from '../rules/choose-version.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { liveIn } from '../rules/live.ts';
import { recordsOf } from '../rules/promotion.ts';
import type { Context } from './context.ts';
import { fetchRelease } from './fetch-release.ts';
import type { Asked } from './gather.ts';
import type { Installation } from './procedure.ts';
import { putIn } from './put-in.ts';
import type { Result } from './put-in.ts';

/** The version a rehearsal goes back to: the one that ran here, if the environment wants rehearsals. */
export const rehearsalTarget = ({ environment, facts }: Asked): Candidate | undefined => {
  const live = liveIn(recordsOf(facts, environment.name));
  if (!environment.rehearseRollback || live.kind !== 'version') return undefined;
  return candidates(facts).find(({ version, digest }) => {
    const { payload } = live.record;
    return payload.version === version && payload.digest === digest;
  });
};

/** Back to the version before and forth again, each by its own procedure: a rollback that was never tried is a hope. */
export const rehearse = async (context: Context, installation: Installation, before: Candidate): Promise<Result> => {
  const { environment, release } = installation;
  const from = release.manifest.version;
  context.say({ kind: 'rehearsing', from, to: before.version, environment: environment.name });
  const old = await fetchRelease(context, before);
  const back = await putIn(context, { environment, release: old, previous: from, kind: 'rollback' });
  if (back.kind === 'broken') return back;
  return putIn(context, { ...installation, previous: before.version });
};
