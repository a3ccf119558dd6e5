import { join } from 'node:path';
import type { DeploymentSnapshot } from '../hub/index.ts';
import { openIssue } from './by-hand.ts';
import { createChance } from './chance.ts';
import type { Chance } from './chance.ts';
import { isOpen, look, versionOf } from './ending.ts';
import { createQueue } from './queue.ts';
import { openStage } from './stage.ts';
import type { Job, Scene, Stage, Step } from './stage.ts';
import { openGate } from './story.ts';
import type { Played } from './story.ts';

/** What one seed did with real processes, and which promises it broke. */
export interface ProcessRace {
  readonly seed: number;
  readonly ends: readonly string[];
  readonly story: readonly string[];
  readonly problems: readonly string[];
}

interface Runner {
  readonly step: Step;
  readonly scene: Scene;
}

/** Who races: from the moment before a step of the story. */
interface Field {
  readonly from: string;
  readonly runners: (stage: Stage, played: Played, chance: Chance) => readonly Runner[];
}

const inNewRun = ({ hub }: Stage, { sha, version }: Scene, event: string): Scene => ({
  run: hub.startRun({ event, actor: 'ana', sha, ref: 'refs/heads/main' }),
  sha,
  version,
  event
});

const delivery = (version: string): Step => ({
  name: `deliver ${version}`,
  command: 'deploy',
  inputs: { environment: 'production', version },
  gate: 'production',
  checkout: 'files',
  artifact: false
});

const rollback: Step = {
  ...delivery(''),
  name: 'roll back',
  command: 'rollback',
  inputs: { environment: 'production' }
};

const FIELDS: readonly Field[] = [
  // two or three jobs release what one build handed on
  {
    from: 'good/release',
    runners: (_, { step, before }, chance) =>
      Array.from({ length: 2 + chance.below(2) }, () => ({ step, scene: before.scene }))
  },
  // the new version, approved twice, and an old run that wakes up late
  {
    from: 'good/production',
    runners: (stage, { before: { scene } }, chance) => [
      { step: delivery('0.2.0'), scene },
      { step: delivery('0.2.0'), scene: inNewRun(stage, scene, 'push') },
      ...(chance.below(2) === 0 ? [{ step: delivery('0.1.0'), scene: inNewRun(stage, scene, 'push') }] : [])
    ]
  },
  // a version that breaks, and somebody who goes back by hand meanwhile
  {
    from: 'bad/production',
    runners: (stage, { before: { scene } }, chance) => [
      { step: delivery('0.2.0'), scene },
      {
        step: chance.below(2) === 0 ? rollback : delivery('0.2.0'),
        scene: inNewRun(stage, scene, 'workflow_dispatch')
      }
    ]
  },
  // an approved delivery and a rollback
  {
    from: 'single/rollback',
    runners: (stage, { before: { scene } }) => [
      { step: rollback, scene },
      { step: delivery('0.2.0'), scene: inNewRun(stage, scene, 'push') }
    ]
  }
];

const runOf = ({ payload }: DeploymentSnapshot): unknown => {
  const document: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
  return Reflect.get(Object(Reflect.get(Object(document), 'run')), 'id');
};

const watch = async (stage: Stage, problems: Set<string>): Promise<void> => {
  const { deployments } = await stage.hub.snapshot();
  const working = deployments.filter(
    ({ state, environment }) => state === 'IN_PROGRESS' && environment === 'production'
  );
  if (new Set(working.map(runOf)).size > 1) problems.add(`R1: two runs work: ${working.map(versionOf).join(', ')}`);
};

/** What must hold when all have ended. */
const settle = async (stage: Stage, jobs: readonly Job[], problems: Set<string>): Promise<void> => {
  const { ending, problems: broken } = await look(stage, { command: 'deploy' });
  for (const problem of broken) problems.add(problem);
  const { deployments } = await stage.hub.snapshot();
  const here = deployments.filter(({ environment }) => environment === 'production');
  if (here.some(isOpen)) problems.add('R7: a record stays open');
  if (here.filter(({ state }) => state === 'ACTIVE').length > 1) problems.add('R1: two records are active');
  const names = [...ending.tags, ...ending.releases].map((text) => text.split(/[ ,]/)[0]);
  for (const name of names) {
    if (names.filter((each) => each === name).length > 2) problems.add(`${name ?? ''} is there more than once`);
  }
  for (const { reason, log } of jobs) if (reason === '' || reason === 'internal') problems.add(`ended badly: ${log}`);
};

/** R5: a stop that was there before a run filed its record is obeyed by that run. */
const stopObeyed = (story: readonly string[], jobs: readonly Job[], runners: readonly Runner[]): string[] => {
  const stopped = story.findIndex((text) => text.endsWith('issues/create'));
  if (stopped < 0) return [];
  return runners.flatMap(({ scene, step }, index) => {
    const filed = story.findIndex((text) => text === `${scene.run.id} repos/create-deployment`);
    const went = jobs[index]?.reason === 'delivered' && step.command === 'deploy';
    return went && filed > stopped ? [`R5: run ${scene.run.id} delivered on a stopped line`] : [];
  });
};

/** Plays one seed: some jobs at the same time, each of their requests let in when chance wants it. */
export const raceProcesses = async (
  directory: string,
  played: readonly Played[],
  seed: number
): Promise<ProcessRace> => {
  const chance = createChance(seed);
  const queue = createQueue();
  const stage = await openStage(join(directory, `race-${seed}`), `race-${seed}`, { door: queue.door });
  const field = FIELDS[seed % FIELDS.length];
  const from = played.find(({ step }) => step.name === field?.from);
  if (field === undefined || from === undefined) throw new Error('nobody races');
  await stage.load(from.before);
  const runners = field.runners(stage, from, chance);
  for (const { step, scene } of runners) openGate(stage, step, scene);
  const [over, problems] = [new AbortController(), new Set<string>()];
  const stopAt = chance.below(2) === 0 ? 1 + chance.below(12) : Number.POSITIVE_INFINITY;
  let steps = 0;
  let stopping: Promise<unknown> = Promise.resolve();
  const serving = queue.serve(chance, over.signal, async () => {
    steps += 1;
    if (steps === stopAt) stopping = openIssue(stage.hub, { title: 'stop', labels: ['line-stopped'] });
    await watch(stage, problems);
  });
  const jobs = await Promise.all(
    runners.map(({ step, scene }, index) => stage.job(step, scene, { folder: `runner-${index}` }))
  );
  over.abort();
  await serving;
  await stopping;
  await settle(stage, jobs, problems);
  for (const problem of stopObeyed(queue.story, jobs, runners)) problems.add(problem);
  for (const problem of stage.hub.problems) problems.add(problem);
  await stage.close();
  const ends = jobs.map(({ reason }, index) => `${runners[index]?.step.name ?? ''}: ${reason}`);
  return { seed, ends, story: queue.story, problems: [...problems] };
};
