import type { AnnounceCommand } from '../domain/command.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import { tagOf } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';
import type { HostingFacts } from '../ports.ts';
import { lastEnvironments, latestOf, turnIn } from '../rules/announcement.ts';
import type { Turn } from '../rules/announcement.ts';
import { candidates } from '../rules/choose-version.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { liveIn } from '../rules/live.ts';
import { recordsOf } from '../rules/promotion.ts';
import { environmentNamed, formOf } from './context.ts';
import type { Context } from './context.ts';

/** An environment that is spoken of, and what happened to it last. */
export interface Announced {
  readonly environment: Environment;
  readonly turn: Turn;
}

/** What the records say now; nobody's word counts besides. */
export interface View {
  readonly hosted: HostingFacts;
  readonly released: readonly Candidate[];
  readonly announced: readonly Announced[];
  /** Environments asked for of which nobody knows what runs there. */
  readonly unknown: readonly string[];
  /** What this run delivered, where nothing of it stands in an environment asked for. */
  readonly elsewhere: { readonly version: Version; readonly environment: string } | undefined;
  /** What everybody has got; undefined where no last environment is asked for, or one of them is not known. */
  readonly latest: { readonly version: Version; readonly candidate: Candidate | undefined } | undefined;
}

export const environmentsAsked = (context: Context, { environment }: AnnounceCommand): readonly Environment[] => {
  const { environments } = context.delivery;
  if (environment !== undefined) return [environmentNamed(context, environment)];
  return environments.length === 0 ? [environmentNamed(context, 'production')] : lastEnvironments(environments);
};

const turnsOf = (hosted: HostingFacts, environments: readonly Environment[]): readonly Announced[] =>
  environments.flatMap((environment) => {
    const turn = turnIn(recordsOf(hosted, environment.name));
    return turn === undefined ? [] : [{ environment, turn }];
  });

const unknownIn = (hosted: HostingFacts, environments: readonly Environment[]): readonly string[] =>
  environments.filter(({ name }) => liveIn(recordsOf(hosted, name)).kind === 'unknown').map(({ name }) => name);

const latestVersion = (context: Context, hosted: HostingFacts, asked: readonly Environment[]) => {
  const last = lastEnvironments(context.delivery.environments);
  const concerned = asked.some(({ name }) => last.some((each) => each.name === name));
  if (!concerned || unknownIn(hosted, last).length > 0) return undefined;
  return latestOf(turnsOf(hosted, last).map(({ turn }) => turn.record.payload.version));
};

const elsewhereIn = (context: Context, hosted: HostingFacts, asked: readonly Environment[]): View['elsewhere'] => {
  const { id } = context.surroundings.run;
  const ours = (environments: readonly Environment[]): readonly DeploymentRecord[] =>
    environments.flatMap(({ name }) => recordsOf(hosted, name).filter(({ payload }) => payload.run.id === id));
  const others = context.delivery.environments.filter((each) => !asked.includes(each));
  const delivered = ours(asked).length > 0 ? undefined : ours(others).find(({ state }) => state === 'success');
  return delivered && { version: delivered.payload.version, environment: delivered.environment };
};

/** One query; a second one where the version to be called latest is older than the releases the first one lists. */
export const observe = async (context: Context, asked: readonly Environment[]): Promise<View> => {
  const form = formOf(context);
  const environments = context.delivery.environments.map(({ name }) => name);
  const first = await context.ports.hosting.facts({ environments });
  const latest = latestVersion(context, first, asked);
  const isListed = candidates({ ...first, form }).some(({ version }) => version === latest);
  const hosted =
    latest === undefined || isListed
      ? first
      : await context.ports.hosting.facts({ environments, tag: tagOf(form, latest) });
  const released = candidates({ ...hosted, form });
  return {
    hosted,
    released,
    announced: turnsOf(hosted, asked),
    unknown: unknownIn(hosted, asked),
    elsewhere: elsewhereIn(context, hosted, asked),
    latest:
      latest === undefined
        ? undefined
        : { version: latest, candidate: released.find(({ version }) => version === latest) }
  };
};
