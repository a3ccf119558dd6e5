import { join } from 'node:path';
import { EXECUTABLE, PROJECT } from './project.ts';
import { openIssue } from './by-hand.ts';
import { look } from './ending.ts';
import type { Ending } from './ending.ts';
import type { Checkpoint, Job, Scene, Stage, Step } from './stage.ts';

/** A step as it went without any fault, and the moment before it. */
export interface Played {
  readonly step: Step;
  readonly before: Checkpoint;
  /** How things stand then. */
  readonly start: Ending;
  readonly job: Job;
  readonly ending: Ending;
  /** The steps that follow it in its line, and how the whole line ends. */
  readonly rest: readonly Step[];
  readonly end: Ending;
}

const stepOf = (line: string, name: string, more: Partial<Step> & Pick<Step, 'command'>): Step => ({
  name: `${line}/${name}`,
  inputs: {},
  checkout: 'files',
  artifact: false,
  ...more
});

/** The whole line for one commit. */
const lineOf = (line: string, version: string): readonly Step[] => [
  stepOf(line, 'build', { command: 'build', checkout: 'history' }),
  stepOf(line, 'release', { command: 'release', artifact: true }),
  stepOf(line, 'staging', { command: 'deploy', inputs: { environment: 'staging', version } }),
  stepOf(line, 'propose', { command: 'propose', inputs: { environment: 'production', version } }),
  stepOf(line, 'production', {
    command: 'deploy',
    inputs: { environment: 'production', version },
    gate: 'production'
  }),
  stepOf(line, 'announce', { command: 'announce' })
];

/** Commands that people start, or pull requests, on a line that has delivered twice. */
const SINGLES: readonly Step[] = [
  stepOf('single', 'plan', { command: 'plan', checkout: 'history' }),
  stepOf('single', 'verify', { command: 'verify', inputs: { environment: 'production' } }),
  stepOf('single', 'doctor', { command: 'doctor' }),
  stepOf('single', 'report', { command: 'report' }),
  stepOf('single', 'rollback', { command: 'rollback', inputs: { environment: 'production' }, gate: 'production' })
];

export const openGate = (stage: Stage, step: Step, { run }: Scene): void => {
  if (step.gate !== undefined) stage.hub.review(run, { environment: step.gate, user: 'bruno', state: 'approved' });
};

interface Beginning {
  readonly sha: string;
  readonly version: string;
  readonly event?: string;
}

const begin = ({ hub }: Stage, { sha, version, event = 'push' }: Beginning): Scene => {
  const run = hub.startRun({ event, actor: 'ana', sha, ref: 'refs/heads/main' });
  return { run, sha, event, version };
};

interface Book {
  readonly stage: Stage;
  /** Where checkpoints go. */
  readonly directory: string;
}

/** Plays one step calmly, twice: once to see it, once to count what it writes. */
const playStep = async (
  { stage, directory }: Book,
  step: Step,
  scene: Scene
): Promise<Omit<Played, 'rest' | 'end'>> => {
  const before = await stage.save(join(directory, step.name.replaceAll('/', '-')), scene);
  const { ending: start } = await look(stage, step);
  openGate(stage, step, scene);
  const counted = await stage.job(step, scene, { environment: { COUNT_WRITES: join(stage.points, '..', 'writes') } });
  await stage.load(before);
  openGate(stage, step, scene);
  const job = await stage.job(step, scene);
  return { step, before, start, job: { ...job, writes: counted.writes }, ending: (await look(stage, step)).ending };
};

const playLine = async (book: Book, steps: readonly Step[], scene: Scene): Promise<readonly Played[]> => {
  const played: Omit<Played, 'rest' | 'end'>[] = [];
  for (const step of steps) played.push(await playStep(book, step, scene));
  const last = played.at(-1);
  if (last === undefined) return [];
  return played.map((each, index) => ({ ...each, rest: steps.slice(index + 1), end: last.ending }));
};

/** Somebody wishes for a basket, and a pull request that fulfils the wish is merged: both are told when it is out. */
const mergeWish = async ({ hub }: Stage, change: Readonly<Record<string, string>>): Promise<string> => {
  await openIssue(hub, { title: 'a basket, please' });
  const { number: wish = 0 } = (await hub.snapshot()).issues.at(-1) ?? {};
  const title = 'feat: a basket';
  const sha = await hub.commit({ message: `${title} (#${wish + 1})`, files: change });
  hub.openPull({ title, closes: [wish], mergeCommit: sha });
  return sha;
};

/** An older run still waits at the gate: `propose` takes its place. */
const leaveWaiting = (stage: Stage, sha: string): void => {
  const run = stage.hub.startRun({ event: 'push', actor: 'ana', sha, ref: 'refs/heads/main' });
  stage.hub.gate(run, { environment: 'production' });
};

const mustPass = (step: Step, { exitCode, log }: Job): void => {
  if (exitCode !== 0) throw new Error(`${step.name} ended with ${exitCode} and no fault:\n${log}`);
};

const first = async (stage: Stage): Promise<string> => {
  const { hub } = stage;
  hub.defineEnvironment('staging');
  hub.defineEnvironment('production', { reviewers: ['bruno'], preventSelfReview: true });
  const sha = await hub.commit({ message: 'feat: open the shop', files: PROJECT, executable: EXECUTABLE });
  const scene = begin(stage, { sha, version: '0.1.0' });
  for (const step of lineOf('first', '0.1.0')) {
    openGate(stage, step, scene);
    mustPass(step, await stage.job(step, scene));
  }
  hub.finishRun(scene.run, 'success');
  return sha;
};

const previewStep = (name: string, command: 'up' | 'down', environment: string): Step =>
  stepOf('preview', name, { command, inputs: { environment } });

/** A pull request is opened, pushed to and closed; then it is closed once more, and only the daily run is there to see it. */
const playPreviews = async (book: Book): Promise<readonly Played[]> => {
  const { hub } = book.stage;
  const push = (text: string): Promise<string> =>
    hub.commit({ branch: 'basket', message: `feat: ${text}`, files: { 'basket.txt': text } });
  const played: Played[] = [];
  const go = async (step: Step, sha: string, event = 'pull_request'): Promise<void> => {
    const scene = begin(book.stage, { sha, version: '', event });
    played.push(...(await playLine(book, [step], scene)));
    hub.finishRun(scene.run, 'success');
  };
  const opened = await push('a basket');
  const pull = hub.openPull({ title: 'feat: a basket', head: opened });
  await go(previewStep('up', 'up', `pr-${pull}`), opened);
  const pushed = await push('a larger basket');
  hub.changePull(pull, { head: pushed });
  await go(previewStep('push', 'up', `pr-${pull}`), pushed);
  hub.changePull(pull, { state: 'closed' });
  await go(previewStep('down', 'down', `pr-${pull}`), pushed);
  const last = played.at(-1);
  if (last !== undefined) await book.stage.load(last.before);
  await go(previewStep('sweep', 'down', 'preview'), pushed, 'schedule');
  return played;
};

/** Every step that faults are played on, each from its own checkpoint; all lines begin with 0.1.0 live everywhere. */
export const playAll = async (stage: Stage, directory: string): Promise<readonly Played[]> => {
  const book = { stage, directory };
  const sha = await first(stage);
  const base = await stage.save(join(directory, 'base'), begin(stage, { sha, version: '0.1.0' }));
  const all: Played[] = [];
  for (const [line, health] of [
    ['good', 'well'],
    ['bad', 'sick in production']
  ] as const) {
    await stage.load(base);
    leaveWaiting(stage, sha);
    const next = await mergeWish(stage, { 'health.txt': `${health}\n`, 'basket.txt': 'basket\n' });
    const scene = begin(stage, { sha: next, version: '0.2.0' });
    const played = await playLine(book, lineOf(line, '0.2.0'), scene);
    // up to production both lines do the same
    all.push(...(line === 'good' ? played : played.filter(({ step }) => step.gate !== undefined)));
    stage.hub.finishRun(scene.run, 'success');
    if (line !== 'good') continue;
    const end = await stage.save(
      join(directory, 'end'),
      begin(stage, { sha: next, version: '0.2.0', event: 'workflow_dispatch' })
    );
    for (const step of SINGLES) {
      await stage.load(end);
      all.push(...(await playLine(book, [step], end.scene)));
    }
    await stage.load(end);
    all.push(...(await playPreviews(book)));
  }
  return all;
};
