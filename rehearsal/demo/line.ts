import * as v from 'valibot';
import type { JobView, Rehearsal, RunView } from '../engine/index.ts';
import type { Verdict } from '../pages/index.ts';
import type { Asker } from './ask.ts';
import type { Folder } from './folder.ts';
import { REPORT } from './project.ts';
import type { Project } from './project.ts';
import type { Screen } from './screen.ts';
import { AUTHOR, REVIEWER } from './site.ts';
import type { Site } from './site.ts';
import { ENVIRONMENTS } from './town.ts';
import type { EnvironmentName } from './town.ts';

/** One delivery as `result.json` lists it. */
export interface Delivery {
  readonly version: string;
  readonly environment: EnvironmentName;
  readonly decision: string;
  readonly reasonCode: string;
  /** Requests to GitHub's interfaces by the tokens of its job, downloads of assets apart. */
  readonly apiCalls: number;
  /** Of its job on its machine. */
  readonly seconds: number;
}

/** What one push came to. */
export interface Told {
  readonly deliveries: readonly Delivery[];
  /** What was said at the gate; undefined when the run never asked, or was cancelled. */
  readonly verdict: Verdict | undefined;
}

/** Pushes and watches: everything between is done by the workflows. */
export interface Line {
  deliver(message: string, patch?: string): Promise<Told>;
  /** Watches the report that the end of the last delivery started; throws when its site was not published. */
  report(): Promise<void>;
}

export interface LineOptions extends Site {
  readonly project: Project;
  readonly screen: Screen;
  readonly asker: Asker;
  readonly keepLog: Folder['log'];
  /** Cancels the run that is under way. */
  readonly signal: AbortSignal;
}

/** Long enough for any machine; a person at the gate has all the time there is. */
const JOB_MS = 600_000;

const shortDigest = (digest = ''): string => digest.slice(0, 'sha256:'.length + 12);

interface End {
  readonly job: JobView;
  readonly outputs: Readonly<Record<string, string>>;
  readonly calls: number;
}

/** The outputs of the step that used the action. */
const endOf = (job: JobView, calls: number): End => ({
  job,
  calls,
  outputs: job.steps.findLast(({ outputs }) => outputs['decision'] !== undefined)?.outputs ?? {}
});

const Result = v.object({
  reason: v.optional(v.object({ details: v.object({ deliveries: v.optional(v.string()) }) })),
  changes: v.optional(v.array(v.object({ subject: v.string(), author: v.string() })), []),
  proposal: v.optional(v.object({ proofs: v.array(v.object({ environment: v.string() })) }))
});

const resultOf = ({ outputs }: End): v.InferOutput<typeof Result> =>
  v.parse(Result, JSON.parse(outputs['result'] ?? '{}'));

const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

const proposed = (end: End): string => {
  const { changes, proposal } = resultOf(end);
  const proofs = proposal?.proofs.map(({ environment }) => environment).join(', ') ?? '';
  const count = counted(changes.length, 'change', 'changes');
  return proofs === '' ? count : `${count}, proven in ${proofs}`;
};

const unwell = ({ job, outputs }: End): string => {
  const { version = '', decision, 'reason-code': code = '' } = outputs;
  if (decision === undefined) return job.conclusion ?? job.status;
  return decision === 'rolled-back'
    ? `${version} does not work here and was rolled back`
    : `${version} ${decision}: ${code}`.trim();
};

/** What to tell people when a job has ended. */
const said = (end: End): string => {
  const { job, outputs } = end;
  if (job.conclusion !== 'success') return unwell(end);
  const { version = '', tag = '', digest } = outputs;
  switch (job.key) {
    case 'build':
      return `${version}, packed once, ${shortDigest(digest)}`;
    case 'release':
      return `tag ${tag}, pre-release with its digests`;
    case 'propose':
      return proposed(end);
    case 'announce':
      return outputs['decision'] === 'done' ? `${version} is the latest release` : 'nothing to tell';
    case 'report':
      return counted(Number(resultOf(end).reason?.details.deliveries), 'delivery', 'deliveries');
    case 'publish':
      return 'the page is published';
    default:
      return `${version} is live`;
  }
};

const show = ({ screen, keepLog }: LineOptions, run: RunView, end: End): void => {
  const { job, calls } = end;
  const mood = job.conclusion === 'success' ? {} : { mood: 'bad' as const };
  screen.step(job.name, said(end), { seconds: job.machineMs / 1000, calls, ...mood });
  const summaries = job.steps.map(({ summary }) => summary).filter((text) => text !== '');
  keepLog(`${run.id}-${job.name}`, [...job.log, '', ...summaries, ''].join('\n'));
};

/** Waits for the end of a job and tells it; a job that never got a machine is not worth a line. */
const follow = async (options: LineOptions, run: RunView, name: string): Promise<End> => {
  const { rehearsal } = options;
  const before = rehearsal.calls(run).length;
  await rehearsal.waitFor(run, { job: name, status: 'completed' }, JOB_MS);
  const end = endOf(rehearsal.job(run, name), rehearsal.calls(run).length - before);
  if (end.job.startedAt !== undefined) show(options, run, end);
  return end;
};

const deliveryOf = ({ job, outputs, calls }: End, environment: EnvironmentName): readonly Delivery[] => {
  const { version, decision, 'reason-code': reasonCode = '' } = outputs;
  if (version === undefined || decision === undefined) return [];
  const seconds = Number((job.machineMs / 1000).toFixed(2));
  return [{ version, environment, decision, reasonCode, apiCalls: calls, seconds }];
};

const announce = ({ screen, rehearsal }: LineOptions, run: RunView, proposal: End): void => {
  const { hub } = rehearsal;
  for (const { subject, author } of resultOf(proposal).changes) screen.step('', `· ${subject} (${author})`);
  screen.step('production', `waits for ${REVIEWER}, here or on this page:`, { mood: 'news' });
  screen.step('', `${hub.url}/${hub.owner}/${hub.name}/actions/runs/${run.id}`);
};

/** Asks in the terminal while the page asks too; the first answer counts. */
const passGate = async (options: LineOptions, run: RunView, version: string): Promise<Verdict | undefined> => {
  const { rehearsal, desk, asker, screen } = options;
  const question = {
    run: await rehearsal.waitFor(run, { environment: 'production' }, JOB_MS),
    environment: 'production'
  };
  const over = new AbortController();
  void desk.answered(question).then(() => over.abort());
  const yes = await asker.approves(`approve ${version}?`, over.signal);
  const given = { state: yes === true ? 'approved' : 'rejected', by: REVIEWER, where: asker.where } as const;
  const counts = yes === undefined ? desk.verdict(question) : desk.answer(question, given);
  if (counts === undefined) return undefined;
  if (yes !== undefined && counts !== given) screen.step('', 'too late: somebody was faster', { mood: 'bad' });
  const { state, by, where } = counts;
  screen.step('production', `${version} ${state} by ${by} ${where}`, { mood: state === 'approved' ? 'good' : 'bad' });
  return counts;
};

const watch = async (options: LineOptions, run: RunView): Promise<Told> => {
  await follow(options, run, 'build');
  await follow(options, run, 'release');
  const staging = await follow(options, run, 'staging');
  const proposal = await follow(options, run, 'propose');
  const asks = proposal.job.outputs['changed'] === 'true';
  if (asks) announce(options, run, proposal);
  const verdict = asks ? await passGate(options, run, proposal.outputs['version'] ?? '') : undefined;
  const ends = { staging, production: await follow(options, run, 'production') };
  await follow(options, run, 'announce');
  await options.rehearsal.waitFor(run, 'completed', JOB_MS);
  return { verdict, deliveries: ENVIRONMENTS.flatMap((environment) => deliveryOf(ends[environment], environment)) };
};

const push = async ({ rehearsal, project }: LineOptions, message: string): Promise<RunView> => {
  const { executable } = project;
  const { runs } = await rehearsal.push(project.files(), message, { actor: AUTHOR, executable });
  const [run, ...others] = runs;
  if (run === undefined || others.length > 0) throw new Error(`the push started ${runs.length} runs`);
  return run;
};

const cancelOn = (signal: AbortSignal, rehearsal: Rehearsal, run: RunView): (() => void) => {
  const cancel = (): void => rehearsal.cancel(run);
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  return () => signal.removeEventListener('abort', cancel);
};

const watchReport = async (options: LineOptions, run: RunView): Promise<void> => {
  for (const job of ['report', 'publish']) await follow(options, run, job);
  const { conclusion } = await options.rehearsal.waitFor(run, 'completed', JOB_MS);
  if (conclusion !== 'success') throw new Error(`the report ended with ${conclusion ?? 'nothing'}`);
};

export const createLine = (options: LineOptions): Line => {
  const { signal, rehearsal, project } = options;
  let last: RunView | undefined;
  return {
    deliver: async (message, patch) => {
      signal.throwIfAborted();
      if (patch !== undefined) await project.change(patch);
      last = await push(options, message);
      return watch(options, last).finally(cancelOn(signal, rehearsal, last));
    },
    report: async () => {
      signal.throwIfAborted();
      if (last === undefined) throw new Error('there is no report before the first delivery');
      const run = await rehearsal.follower(last, REPORT);
      await watchReport(options, run).finally(cancelOn(signal, rehearsal, run));
    }
  };
};
