import type { Board, Result, StepView } from './board.ts';
import { RehearsalError, messageOf } from './errors.ts';
import { holds, resolveFlag, resolveNumber, resolveText, resolveTexts } from './expressions.ts';
import type { Machine } from './machine.ts';
import type { RunDefaults, Step } from './model.ts';
import type { Post, StepCall, StepWork } from './steps.ts';
import { workOf } from './steps.ts';
import type { Texts } from './site.ts';

export interface Loop {
  readonly machine: Machine;
  readonly steps: readonly Step[];
  readonly defaults: RunDefaults;
  /** The job is cancelled, or out of time. */
  readonly stop: AbortSignal;
  readonly show: (change: Parameters<Board['setJob']>[2]) => void;
}

const NOTHING: StepWork = { ok: false, outputs: {}, summary: '', post: undefined };

const annotate = ({ annotations, log }: Machine, message: string): void => {
  annotations.push({ level: 'error', message });
  log.push(`##[error]${message}`);
};

const nameOf = (step: Step, call: Omit<StepCall, 'name'>): string => {
  if (step.name !== undefined) return resolveText(step.name, call.machine.scope(call.env));
  if (step.kind === 'uses') return `Run ${step.uses}`;
  return step.run.kind === 'literal' ? `Run ${String(step.run.value).trim().split('\n')[0] ?? ''}` : 'Run';
};

interface Watch {
  readonly signal: AbortSignal;
  readonly outOfTime: () => boolean;
  readonly stopped: () => boolean;
  release(): void;
}

const MS = 60_000;
const DEFAULT_MINUTES = 360;

/** A cancelled job ends the step that runs, unless its own `if:` still holds (docs: "Workflow cancellation reference"). */
const watch = (loop: Loop, step: Step, env: Texts): Watch => {
  const controller = new AbortController();
  const minutes = resolveNumber(step.timeout, loop.machine.scope(env), DEFAULT_MINUTES);
  let [late, stopped] = [false, false];
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, minutes * MS);
  const onStop = (): void => {
    loop.machine.status = 'cancelled';
    if (holds(step.condition, loop.machine.scope(env))) return;
    stopped = true;
    controller.abort();
  };
  loop.stop.addEventListener('abort', onStop, { once: true });
  return {
    signal: controller.signal,
    outOfTime: () => late,
    stopped: () => stopped,
    release: () => {
      clearTimeout(timer);
      loop.stop.removeEventListener('abort', onStop);
    }
  };
};

const outcomeOf = (work: StepWork, seen: Watch): Result => {
  if (seen.stopped()) return 'cancelled';
  return work.ok && !seen.outOfTime() ? 'success' : 'failure';
};

const carryOut = async (loop: Loop, step: Step, call: StepCall): Promise<{ work: StepWork; outcome: Result }> => {
  const seen = watch(loop, step, call.env);
  try {
    const work = await workOf(step, { ...call, signal: seen.signal });
    if (seen.outOfTime()) annotate(loop.machine, `The action '${call.name}' has timed out.`);
    return { work, outcome: outcomeOf(work, seen) };
  } catch (error) {
    if (error instanceof RehearsalError) throw error;
    annotate(loop.machine, messageOf(error));
    return { work: NOTHING, outcome: 'failure' };
  } finally {
    seen.release();
  }
};

interface Done {
  readonly view: StepView;
  readonly post: Post | undefined;
}

const skipped = (id: string, name: string): Done => ({
  view: { id, name, outcome: 'skipped', conclusion: 'skipped', outputs: {}, summary: '' },
  post: undefined
});

const runStep = async (loop: Loop, step: Step, id: string): Promise<Done> => {
  const { machine, defaults, stop } = loop;
  const env = resolveTexts(step.env, machine.scope());
  const call = { machine, id, env, signal: stop, defaults };
  const name = nameOf(step, call);
  if (!holds(step.condition, machine.scope(env))) return skipped(id, name);
  const { work, outcome } = await carryOut(loop, step, { ...call, name });
  const forgiven = outcome === 'failure' && resolveFlag(step.continueOnError, machine.scope(env), false);
  const conclusion = forgiven ? 'success' : outcome;
  return { view: { id, name, outcome, conclusion, outputs: work.outputs, summary: work.summary }, post: work.post };
};

const saved = async (loop: Loop, step: Step, id: string): Promise<Done> => {
  try {
    return await runStep(loop, step, id);
  } catch (error) {
    if (error instanceof RehearsalError) throw error;
    annotate(loop.machine, messageOf(error));
    const view: StepView = { id, name: id, outcome: 'failure', conclusion: 'failure', outputs: {}, summary: '' };
    return { view, post: undefined };
  }
};

const runPosts = async ({ machine, stop }: Loop, posts: readonly Post[]): Promise<void> => {
  for (const post of posts.toReversed()) {
    if (!holds(post.condition, machine.scope())) continue;
    machine.log.push(`##[group]${post.name}`, '##[endgroup]');
    const unstopped = new AbortController();
    const ok = await post.carryOut(stop.aborted ? unstopped.signal : stop);
    if (!ok && machine.status === 'success') machine.status = 'failure';
  }
};

/** Steps in their order, then the post steps from the last to the first. The machine's `status` is the job's. */
export const runSteps = async (loop: Loop): Promise<void> => {
  const { machine } = loop;
  const posts: Post[] = [];
  const views: StepView[] = [];
  for (const [at, step] of loop.steps.entries()) {
    if (loop.stop.aborted) machine.status = 'cancelled';
    const id = step.id ?? `__${step.kind}_${at + 1}`;
    const { view, post } = await saved(loop, step, id);
    if (step.id !== undefined) machine.steps.set(step.id, view);
    if (post !== undefined) posts.push(post);
    if (view.conclusion === 'failure' && machine.status === 'success') machine.status = 'failure';
    views.push(view);
    loop.show({ steps: [...views], log: [...machine.log], annotations: [...machine.annotations] });
  }
  await runPosts(loop, posts);
  if (loop.stop.aborted) machine.status = 'cancelled';
  loop.show({ log: [...machine.log], annotations: [...machine.annotations] });
};
