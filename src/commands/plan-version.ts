import { tagForm } from '../domain/version.ts';
import type { HistoryAnswer } from '../domain/history.ts';
import { belongsTo, nextVersion } from '../rules/next-version.ts';
import type { NextVersion, NothingToRelease } from '../rules/next-version.ts';
import type { Context } from './context.ts';

export interface VersionPlan {
  readonly answer: HistoryAnswer;
  readonly next: NextVersion | NothingToRelease;
}

/** The version HEAD has or would get, by the component's own history. */
export const planVersion = async (context: Context): Promise<VersionPlan> => {
  const { scheme, tag, paths, releaseOn } = context.delivery.version;
  const form = tagForm(tag);
  const answer = await context.ports.history.read({ form, paths, accepts: belongsTo(scheme) });
  return { answer, next: nextVersion(answer, { scheme, form, releaseOn }, context.ports.clock.now()) };
};
