import { expect } from '@jest/globals';
import { parsePayload } from '../../src/config/payload.ts';
import { parsePreviewPayload } from '../../src/config/preview-payload.ts';
import type { JobView, Rehearsal } from '../../rehearsal/engine/index.ts';
import type { DeploymentSnapshot, Snapshot } from '../../rehearsal/hub/index.ts';

/**
 * Of one delivery that was made, refused, or found nothing to do; what broke also stops the line and goes back. The rules
 * of the environment are one call more: they are read where no approval proves the gate.
 */
const MOST_CALLS = 8;
const RULES = 'repos/get-environment';

interface Judged extends Pick<Rehearsal, 'hub' | 'jobs' | 'calls'> {
  running(environment: string): Promise<string>;
}

const OPEN = ['PENDING', 'QUEUED', 'IN_PROGRESS'];

const runOf = ({ payload }: DeploymentSnapshot): number | undefined =>
  (parsePayload(payload) ?? parsePreviewPayload(payload))?.run.id;

const carries = ({ payload }: DeploymentSnapshot): string => parsePayload(payload)?.version ?? 'not ours';

/** Records whose run is over and that still look as if somebody worked. */
const orphans = ({ deployments, runs }: Snapshot): readonly string[] =>
  deployments
    .filter((record) => {
      const run = runs.find(({ id }) => id === runOf(record));
      return OPEN.includes(record.state) && run?.status === 'completed';
    })
    .map((record) => `${record.environment} ${carries(record)} ${record.state}`);

const judgeEnvironment = async (stage: Judged, records: readonly DeploymentSnapshot[]): Promise<void> => {
  const active = records.filter(({ state }) => state === 'ACTIVE');
  expect(active.length).toBeLessThanOrEqual(1);
  const [live] = active;
  if (live === undefined || records.some(({ id, state }) => id > live.id && state !== 'INACTIVE')) return;
  expect(await stage.running(live.environment)).toBe(carries(live));
};

const delivers = ({ environment, steps }: JobView): boolean =>
  environment === 'production' &&
  steps.some(({ outputs }) => ['done', 'refused', 'nothing-to-do'].includes(outputs['decision'] ?? ''));

/** It stood behind another one, or had to close what a dead one left: that takes as many calls as it takes. */
const hadCompany = (job: JobView, { deployments }: Snapshot, run: number): boolean =>
  job.steps.some(({ outputs }) => outputs['result']?.includes('"kind":"took-over"') === true) ||
  deployments.some(
    ({ payload, statuses }) => parsePayload(payload)?.run.id === run && statuses.some(({ state }) => state === 'queued')
  );

/** Every production delivery's number of API calls, the rules apart. */
export const callsOfDeliveries = ({ jobs, calls }: Judged, snapshot: Snapshot): readonly number[] =>
  snapshot.runs.flatMap((run) =>
    jobs(run)
      .filter((job) => delivers(job) && run.attempt === 1 && !hadCompany(job, snapshot, run.id))
      .map(({ key }) => calls(run, key).filter(({ operation }) => operation !== RULES).length)
  );

/** The tag of what people see as the latest release. */
export const latestIn = ({ releases, latestRelease }: Snapshot): string | undefined =>
  releases.find(({ id }) => id === latestRelease)?.tag;

const announced = (job: JobView): boolean => job.steps.some(({ outputs }) => outputs['reason-code'] === 'announced');

/** Who announced the delivery of what is live has made it the latest release. */
const judgeLatest = ({ jobs }: Judged, snapshot: Snapshot): void => {
  const records = snapshot.deployments.filter(({ environment }) => environment === 'production');
  const live = records.find(({ state }) => state === 'ACTIVE');
  const payload = parsePayload(live?.payload);
  if (payload !== undefined && jobs(payload.run).some(announced)) expect(latestIn(snapshot)).toBe(payload.tag);
};

/** Nobody is told of two previews of one pull request. */
const shownTwice = ({ deployments }: Snapshot): readonly number[] => {
  const up = deployments.flatMap(({ state, payload }) => {
    const preview = parsePreviewPayload(payload);
    return state === 'ACTIVE' && preview !== undefined ? [preview.pull] : [];
  });
  return up.filter((pull, at) => up.indexOf(pull) !== at);
};

const conversations = ({ comments }: Snapshot): readonly number[] =>
  comments.filter(({ body }) => body.includes('esteira:announcement')).map(({ issue }) => issue);

/** What holds after every scenario, whatever it was about. */
export const judge = async (stage: Judged): Promise<void> => {
  const snapshot = await stage.hub.snapshot();
  expect(stage.hub.problems).toEqual([]);
  expect(orphans(snapshot)).toEqual([]);
  expect(shownTwice(snapshot)).toEqual([]);
  expect(conversations(snapshot)).toEqual([...new Set(conversations(snapshot))]);
  judgeLatest(stage, snapshot);
  for (const calls of callsOfDeliveries(stage, snapshot)) expect(calls).toBeLessThanOrEqual(MOST_CALLS);
  // Pages has an environment and records of its own
  const ours = snapshot.deployments.filter(({ payload }) => parsePayload(payload) !== undefined);
  const names = new Set(ours.map(({ environment }) => environment));
  for (const name of names) {
    await judgeEnvironment(
      stage,
      snapshot.deployments.filter(({ environment }) => environment === name)
    );
  }
};
