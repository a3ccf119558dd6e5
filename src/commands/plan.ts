import type { Command } from '../domain/command.ts';
import type { Environment } from '../domain/environment.ts';
import type { EnvironmentRow, Outcome } from '../domain/outcome.ts';
import { reason } from '../domain/refusal.ts';
import type { PublishedRelease } from '../domain/release.ts';
import type { Version } from '../domain/version.ts';
import type { HostingFacts } from '../ports.ts';
import { candidates } from '../rules/choose-version.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { liveIn, standing } from '../rules/live.ts';
import { mayDeploy } from '../rules/may-deploy.ts';
import type { NextVersion } from '../rules/next-version.ts';
import { batchSize, recordsOf } from '../rules/promotion.ts';
import { environmentNamed, formOf } from './context.ts';
import type { Context } from './context.ts';
import { planVersion } from './plan-version.ts';

type PlanCommand = Extract<Command, { name: 'plan' }>;

const NOWHERE: PublishedRelease = { id: 0, tag: '', commit: '', prerelease: true, url: '' };

/** A version that does not exist yet stands in for itself: policy that depends on its bytes is left out below. */
const unreleased = (version: Version): Candidate => ({
  version,
  release: NOWHERE,
  note: { manifestSha256: '', tarSha256: '', changes: 0 },
  digest: ''
});

interface Planned {
  readonly version: Version;
  /** The released version, when there is one. */
  readonly released?: Candidate;
  /** Changes of the version that stand in no release yet. */
  readonly unreleasedChanges: number;
}

const plannedOf = (next: NextVersion | undefined, released: readonly Candidate[]): Planned | undefined => {
  if (next?.changed === true) return { version: next.version, unreleasedChanges: next.changes.length };
  const found = next === undefined ? released.at(0) : released.find(({ version }) => version === next.version);
  return found === undefined ? undefined : { version: found.version, released: found, unreleasedChanges: 0 };
};

const rowOf = (context: Context, hosted: HostingFacts, planned: Planned | undefined) => {
  const form = formOf(context);
  const { event, actor } = context.surroundings;
  const gate = { event, actor, approvals: [] };
  return (environment: Environment): EnvironmentRow => {
    const records = recordsOf(hosted, environment.name);
    const live = liveIn(records);
    const name = environment.name;
    if (planned === undefined) return { environment: name, live, waiting: 0 };
    const { released, version, unreleasedChanges } = planned;
    // the gate is asked when the time comes; the line itself will prove a version that is still to be built
    const policy: Environment = {
      ...environment,
      gate: 'none',
      needs: released === undefined ? [] : environment.needs
    };
    const candidate = released ?? unreleased(version);
    const facts = {
      candidate,
      environment: policy,
      form,
      ...hosted,
      gate,
      command: 'deploy',
      chosen: false,
      override: []
    } as const;
    const decision = mayDeploy(facts, context.ports.clock.now());
    const waiting = unreleasedChanges + batchSize(hosted.releases, form, { from: standing(records), to: version });
    return {
      environment: name,
      live,
      waiting,
      ...(decision.kind === 'stop' ? { blocked: decision.reason } : {}),
      ...(released === undefined ? { after: environment.needs } : {}),
      ...(environment.gate === 'none' ? {} : { asks: true })
    };
  };
};

const rowsOf = async (
  context: Context,
  command: PlanCommand,
  next: NextVersion | undefined
): Promise<readonly EnvironmentRow[]> => {
  const wanted =
    command.environment === undefined
      ? context.delivery.environments
      : [environmentNamed(context, command.environment)];
  if (wanted.length === 0) return [];
  const names = new Set(wanted.flatMap(({ name, needs }) => [name, ...needs]));
  const { hosting, phases } = context.ports;
  const hosted = await phases.during('facts', () => hosting.facts({ environments: [...names] }));
  const released = candidates({ releases: hosted.releases, form: formOf(context) });
  return wanted.map(rowOf(context, hosted, plannedOf(next, released)));
};

/** Reads only: the next version and its changes, what is live where, and what would happen to it. */
export const plan = async (context: Context, command: PlanCommand): Promise<Outcome> => {
  const { answer, next } = await planVersion(context);
  const previous = next.previous === null ? {} : { previous: next.previous };
  const base = { command: 'plan', commit: answer.head.sha, ...previous, changes: next.changes } as const;
  if (next.kind === 'nothing-to-release') {
    const rows = await rowsOf(context, command, undefined);
    const why = reason('nothing-to-release', { previous: next.previous ?? '' });
    return { ...base, rows, verdict: 'nothing-to-do', reason: why, changed: false };
  }
  const { version, tag, changed } = next;
  const rows = await rowsOf(context, command, next);
  return { ...base, rows, version, tag, changed, verdict: 'done', reason: reason('planned', { version }) };
};
