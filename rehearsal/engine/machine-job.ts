import { randomUUID } from 'node:crypto';
import type { Result } from './board.ts';
import { checkMachine, permissionsFor } from './check.ts';
import { openRecord } from './deployments.ts';
import type { PlatformRecord } from './deployments.ts';
import { resolve, resolveFlag, resolveNumber, resolveText, resolveTexts } from './expressions.ts';
import type { Values } from './expressions.ts';
import { setupOf } from './gates.ts';
import { needsContext } from './level.ts';
import type { Level, Outcome } from './level.ts';
import { prepareMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import type { Leg } from './matrix.ts';
import type { StepsJob } from './model.ts';
import { readingOnly } from './permissions.ts';
import type { Permissions } from '../hub/index.ts';
import { createMasks } from '../runner/masks.ts';
import { runSteps } from './step-loop.ts';
import type { Texts } from './site.ts';

export interface MachineJob {
  readonly level: Level;
  readonly job: StepsJob;
  readonly needs: readonly Outcome[];
  readonly leg: Leg;
  readonly key: string;
  readonly environment: string | undefined;
  readonly stop: AbortController;
}

export interface JobEnd {
  readonly conclusion: Result;
  /** `continue-on-error` lets the run, and the jobs after it, see success. */
  readonly result: Result;
  readonly outputs: Texts;
}

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 360;

const contextsOf = ({ level, needs, leg, environment }: MachineJob, token: string): Values => {
  const setup = environment === undefined ? {} : setupOf(level.run.site, environment);
  const own = level.environmentSecrets ? setup.secrets : {};
  const given = level.run.facts.trigger.fork === true ? {} : { ...level.secrets, ...own };
  return {
    inputs: level.inputs,
    vars: { ...level.run.site.vars, ...setup.vars },
    secrets: { ...given, GITHUB_TOKEN: token },
    needs: needsContext(needs),
    matrix: leg.values,
    strategy: leg.strategy
  };
};

const permissionsOf = ({ level, job }: MachineJob): Permissions => {
  const { site, facts } = level.run;
  const asked = permissionsFor(level.workflow, job, { allowed: level.allowed, fallback: site.defaultPermissions });
  return facts.trigger.fork === true ? readingOnly(asked) : asked;
};

const machineFor = async (call: MachineJob): Promise<Machine> => {
  const { level, job, key } = call;
  const { site, facts } = level.run;
  const permissions = permissionsOf(call);
  const token = site.hub.token({ permissions, run: facts.id, job: key });
  const contexts = contextsOf(call, token);
  const folder = `${facts.id}-${facts.attempt}-${randomUUID().slice(0, 8)}`;
  const machine = await prepareMachine({
    site,
    run: facts,
    job: job.id,
    folder,
    token,
    permissions,
    contexts,
    file: { path: level.workflow.path, source: level.source }
  });
  for (const secret of Object.values(contexts['secrets'] ?? {}))
    if (typeof secret === 'string') machine.masks.add(secret);
  machine.environment = resolveTexts(level.workflow.env, machine.scope());
  machine.environment = { ...machine.environment, ...resolveTexts(job.env, machine.scope()) };
  checkMachine(resolve(job.runsOn, machine.scope()), job.id);
  return machine;
};

const MIB = 1024 * 1024;

/** Outputs that hold a secret, and all of them above 1 MiB (UTF-16), do not leave the job. */
const outputsOf = (machine: Machine, job: StepsJob): Texts => {
  const masks = createMasks();
  for (const mask of machine.masks) masks.add(mask);
  const all = [...job.outputs].map(([name, tree]): [string, string] => [name, resolveText(tree, machine.scope())]);
  const kept = all.filter(([name, value]) => {
    const passes = masks.apply(value) === value;
    if (!passes) {
      machine.annotations.push({ level: 'warning', message: `Skip output '${name}' since it may contain secret.` });
    }
    return passes;
  });
  const size = kept.reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0);
  if (size <= MIB) return Object.fromEntries(kept);
  machine.annotations.push({ level: 'error', message: 'Job outputs are larger than 1 MB' });
  return {};
};

const recordFor = async (
  { level, job, environment }: MachineJob,
  machine: Machine
): Promise<PlatformRecord | undefined> => {
  if (environment === undefined || !resolveFlag(job.environment?.deployment, machine.scope(), true)) return undefined;
  return openRecord(level.run.site, level.run.facts, environment);
};

const underTime = async (call: MachineJob, machine: Machine, work: () => Promise<void>): Promise<void> => {
  const minutes = resolveNumber(call.job.timeout, machine.scope(), DEFAULT_MINUTES);
  const timer = setTimeout(() => {
    const message = `The job has exceeded the maximum execution time of ${minutes}m`;
    machine.annotations.push({ level: 'error', message });
    call.stop.abort();
  }, minutes * MINUTE_MS);
  await work().finally(() => clearTimeout(timer));
};

const addressOf = ({ job }: MachineJob, machine: Machine): string =>
  job.environment?.url === undefined ? '' : resolveText(job.environment.url, machine.scope());

/** Runs the steps of a job on a machine of its own. */
export const runOnMachine = async (call: MachineJob): Promise<JobEnd> => {
  const { level, job, key, stop } = call;
  const { board } = level.run.site;
  const machine = await machineFor(call);
  const record = await recordFor(call, machine);
  const { defaults } = job;
  await underTime(call, machine, () =>
    runSteps({
      machine,
      steps: job.steps,
      defaults: {
        shell: defaults.shell ?? level.workflow.defaults.shell,
        directory: defaults.directory ?? level.workflow.defaults.directory
      },
      stop: stop.signal,
      show: (change) => board.setJob(level.run.facts.id, key, change)
    })
  );
  const outputs = outputsOf(machine, job);
  const environmentUrl = addressOf(call, machine);
  board.setJob(level.run.facts.id, key, { annotations: [...machine.annotations], environmentUrl });
  await record?.end(machine.status === 'success' ? 'success' : 'failure', environmentUrl);
  const forgiven = machine.status === 'failure' && resolveFlag(job.continueOnError, machine.scope(), false);
  return { conclusion: machine.status, result: forgiven ? 'success' : machine.status, outputs };
};
