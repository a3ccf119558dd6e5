import { readWorkflows } from '../config/workflow-files.ts';
import type { DoctorCommand } from '../domain/command.ts';
import type { Environment, Protection } from '../domain/environment.ts';
import type { Finding, Setting } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import { Refusal, reason } from '../domain/refusal.ts';
import { auditDelivery, bySeverity } from '../rules/audit-delivery.ts';
import { auditSettings } from '../rules/audit-settings.ts';
import type { SettingsFacts } from '../rules/audit-settings.ts';
import { auditWorkflows, publishesReport } from '../rules/audit-workflows.ts';
import { environmentNamed } from './context.ts';
import type { Context } from './context.ts';

/** A gate the token may not see is not a fine one. */
const protectionSeen = async (context: Context, environment: string): Promise<Setting<Protection>> => {
  try {
    return { kind: 'known', value: await context.ports.hosting.protection(environment) };
  } catch (error) {
    if (error instanceof Refusal && error.reason.code === 'permission-missing')
      return { kind: 'unknown', needs: error.reason.details.permission };
    throw error;
  }
};

interface Asked {
  readonly environments: readonly Environment[];
  /** Whether a workflow needs a site to publish. */
  readonly site: boolean;
}

const settingsOf = async (context: Context, { environments, site }: Asked): Promise<SettingsFacts> => {
  const { hosting } = context.ports;
  const protections = new Map<string, Setting<Protection>>();
  for (const { name } of environments) protections.set(name, await protectionSeen(context, name));
  return {
    visibility: await hosting.visibility(),
    protections,
    tags: await hosting.tagRulesets(),
    immutableReleases: await hosting.immutableReleases(),
    tokenDefault: await hosting.tokenDefault(),
    pinsRequired: await hosting.pinsRequired(),
    ...(site ? { site: await hosting.site() } : {})
  };
};

const unseenIn = ({ protections }: SettingsFacts): string =>
  [...protections].flatMap(([name, { kind }]) => (kind === 'unknown' ? [name] : [])).join(', ');

const endingOf = (findings: readonly Finding[], unseen: string): Pick<Outcome, 'verdict' | 'reason'> => {
  const count = (severity: Finding['severity']): string =>
    String(findings.filter((each) => each.severity === severity).length);
  const broken = count('broken');
  if (broken !== '0') return { verdict: 'failed', reason: reason('promise-broken', { broken }) };
  const details = { notes: count('note'), unchecked: count('unchecked'), unseen };
  return { verdict: 'done', reason: reason('examined', details) };
};

/** Reads only. Red where a promise of `delivery.yml` is false as things are; everything else is a note. */
export const doctor = async (context: Context, command: DoctorCommand): Promise<Outcome> => {
  const { delivery, surroundings } = context;
  const { phases } = context.ports;
  const asked =
    command.environment === undefined ? delivery.environments : [environmentNamed(context, command.environment)];
  const files = await readWorkflows(surroundings.workspace);
  const wanted = { environments: asked, site: files.some(publishesReport) };
  const facts = await phases.during('facts', () => settingsOf(context, wanted));
  const findings = bySeverity([
    ...auditSettings(facts, delivery, asked),
    ...auditWorkflows(files, asked),
    ...auditDelivery(delivery, asked)
  ]);
  return {
    command: 'doctor',
    ...endingOf(findings, unseenIn(facts)),
    changed: false,
    findings,
    ...(command.environment === undefined ? {} : { environment: command.environment })
  };
};
