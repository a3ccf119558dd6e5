import type { CommandName } from '../../src/contract.ts';
import type { Job, JobEnd, Platform, Run } from './platform.ts';
import type { Screen } from './screen.ts';
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

const mustBeDone = (job: string, end: JobEnd): void => {
  if (end.exitCode !== 0) throw new LineBroken(`${job} ended with exit code ${end.exitCode} (${endingOf(end)})`);
};

const deliveryOf = (end: JobEnd, environment: EnvironmentName): Delivery => ({
  version: output(end, 'version'),
  environment,
  decision: output(end, 'decision'),
  reasonCode: output(end, 'reason-code'),
  apiCalls: end.apiCalls,
  seconds: Number(end.seconds.toFixed(2))
});

const shortDigest = (end: JobEnd): string => output(end, 'digest').slice(0, 'sha256:'.length + 12);

export const createLine = ({ platform, screen, approves, reviewer }: LineOptions): Line => {
  const work = async (run: Run, job: Job, say: (end: JobEnd) => string): Promise<JobEnd> => {
    const end = await platform.run(run, job);
    const mood = end.exitCode === 0 ? {} : { mood: 'bad' as const };
    screen.step(job.name, say(end), { seconds: end.seconds, calls: end.apiCalls, ...mood });
    return end;
  };

  const must = async (run: Run, command: CommandName, rest: Pick<Job, 'artifact'>, say: (end: JobEnd) => string) => {
    const end = await work(run, { name: command, command, ...rest }, say);
    mustBeDone(command, end);
    return end;
  };

  const deploy = async (run: Run, environment: EnvironmentName, version: string): Promise<Delivery> => {
    const job: Job = { name: environment, command: 'deploy', inputs: { environment, version } };
    const end = await work(run, job, (ended) =>
      ended.exitCode === 0 ? `${version} is live` : `${version} did not stay: ${endingOf(ended)}`
    );
    return deliveryOf(end, environment);
  };

  /** The gate is GitHub's: the job starts only after a reviewer said yes. */
  const passesGate = async (run: Run, environment: EnvironmentName, version: string): Promise<boolean> => {
    if (!(await platform.waits(run, environment))) return true;
    const yes = await approves(`${environment}: approve ${version}?`);
    await platform.review(run, environment, yes ? 'approved' : 'rejected');
    screen.step(environment, `${version} ${yes ? 'approved' : 'rejected'} by ${reviewer}`, {
      mood: yes ? 'good' : 'bad'
    });
    return yes;
  };

  const promote = async (run: Run, version: string): Promise<readonly Delivery[]> => {
    const deliveries: Delivery[] = [];
    for (const environment of ['staging', 'production'] as const) {
      if (!(await passesGate(run, environment, version))) return deliveries;
      const delivery = await deploy(run, environment, version);
      deliveries.push(delivery);
      if (delivery.decision !== 'done') return deliveries;
    }
    return deliveries;
  };

  return {
    deliver: async (commit) => {
      const run = platform.start(commit);
      const built = await must(
        run,
        'build',
        {},
        (end) => `${output(end, 'version')}, packed once, ${shortDigest(end)}`
      );
      const { artifact } = built;
      await must(run, 'release', { artifact }, (end) => `tag ${output(end, 'tag')}, pre-release with its digests`);
      const deliveries = await promote(run, output(built, 'version'));
      platform.end(run, deliveries.at(-1)?.decision === 'done' ? 'success' : 'failure');
      return deliveries;
    }
  };
};
