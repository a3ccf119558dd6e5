import type { Job, JobEnd, Platform, Run } from './platform.ts';
import type { Screen } from './screen.ts';
import { ENVIRONMENTS } from './town.ts';
import type { EnvironmentName } from './town.ts';

/** One delivery as `result.json` lists it. */
export interface Delivery {
  readonly version: string;
  readonly environment: EnvironmentName;
  readonly decision: string;
  readonly reasonCode: string;
  readonly apiCalls: number;
  readonly seconds: number;
}

export interface LineOptions {
  readonly platform: Platform;
  readonly screen: Screen;
  /** Asks the person who may press the button. */
  readonly approves: (question: string) => Promise<boolean>;
  readonly reviewer: string;
}

/** Thrown when a job that nothing can go on without did not end well. */
export class LineBroken extends Error {}

/** The workflow: build, release, staging, the button, production. */
export interface Line {
  /** Every delivery the push led to; the last one tells how it ended. */
  deliver(commit: string): Promise<readonly Delivery[]>;
}

const output = (end: JobEnd, name: string): string => end.outputs[name] ?? '';

const endingOf = (end: JobEnd): string => `${output(end, 'decision')}, ${output(end, 'reason-code')}`;

const deliveryOf = (end: JobEnd, environment: EnvironmentName): Delivery => ({
  version: output(end, 'version'),
  environment,
  decision: output(end, 'decision'),
  reasonCode: output(end, 'reason-code'),
  apiCalls: end.apiCalls,
  seconds: Number(end.seconds.toFixed(2))
});

const shortDigest = (end: JobEnd): string => output(end, 'digest').slice(0, 'sha256:'.length + 12);

interface Step {
  readonly job: Job;
  /** What to tell people when it has ended. */
  readonly say: (end: JobEnd) => string;
}

const work = async ({ platform, screen }: LineOptions, run: Run, { job, say }: Step): Promise<JobEnd> => {
  const end = await platform.run(run, job);
  const mood = end.exitCode === 0 ? {} : { mood: 'bad' as const };
  screen.step(job.name, say(end), { seconds: end.seconds, calls: end.apiCalls, ...mood });
  return end;
};

const must = async (options: LineOptions, run: Run, step: Step): Promise<JobEnd> => {
  const end = await work(options, run, step);
  if (end.exitCode === 0) return end;
  throw new LineBroken(`${step.job.name} ended with exit code ${end.exitCode} (${endingOf(end)})`);
};

const build: Step = {
  job: { name: 'build', command: 'build' },
  say: (end) => `${output(end, 'version')}, packed once, ${shortDigest(end)}`
};

const release = (artifact: string): Step => ({
  job: { name: 'release', command: 'release', artifact },
  say: (end) => `tag ${output(end, 'tag')}, pre-release with its digests`
});

const deploy = (environment: EnvironmentName, version: string): Step => ({
  job: { name: environment, command: 'deploy', inputs: { environment, version } },
  say: (end) => {
    if (end.exitCode === 0) return `${version} is live`;
    const wentBack = output(end, 'decision') === 'rolled-back';
    return wentBack ? `${version} does not work here and was rolled back` : `${version} is not live: ${endingOf(end)}`;
  }
});

interface Target {
  readonly environment: EnvironmentName;
  readonly version: string;
}

/** The gate is GitHub's: the job starts only after a reviewer said yes. */
const passesGate = async (options: LineOptions, run: Run, { environment, version }: Target): Promise<boolean> => {
  const { platform, screen, approves, reviewer } = options;
  if (!(await platform.waits(run, environment))) return true;
  const yes = await approves(`${environment}: approve ${version}?`);
  await platform.review(run, environment, yes ? 'approved' : 'rejected');
  screen.step(environment, `${version} ${yes ? 'approved' : 'rejected'} by ${reviewer}`, {
    mood: yes ? 'good' : 'bad'
  });
  return yes;
};

const promote = async (options: LineOptions, run: Run, version: string): Promise<readonly Delivery[]> => {
  const deliveries: Delivery[] = [];
  for (const environment of ENVIRONMENTS) {
    if (!(await passesGate(options, run, { environment, version }))) return deliveries;
    const delivery = deliveryOf(await work(options, run, deploy(environment, version)), environment);
    deliveries.push(delivery);
    if (delivery.decision !== 'done') return deliveries;
  }
  return deliveries;
};

export const createLine = (options: LineOptions): Line => ({
  deliver: async (commit) => {
    const run = options.platform.start(commit);
    const built = await must(options, run, build);
    await must(options, run, release(built.artifact));
    const deliveries = await promote(options, run, output(built, 'version'));
    options.platform.end(run, deliveries.at(-1)?.decision === 'done' ? 'success' : 'failure');
    return deliveries;
  }
});
