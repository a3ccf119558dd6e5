import { readFileSync, readdirSync } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../hub/index.ts';
import { closeIssue, openIssue } from './by-hand.ts';
import type { Blow } from './matrix.ts';
import type { Handling, Job, Scene, Stage, Step } from './stage.ts';

type Phase = 'before' | 'after';

const holding = (stage: Stage, nth: number, { phase, times }: { phase: Phase; times: number }): Fault =>
  stage.hub.fault({ match: { path: /^/, nth }, kind: 'hang', phase, times });

/** Appears when a script waits at its point. */
const reachedFile = ({ points }: Stage): string => `${points}.reached`;

const reachedPoint = async (stage: Stage, over: AbortSignal): Promise<void> => {
  while (!over.aborted) {
    const there = await access(reachedFile(stage)).then(
      () => true,
      () => false
    );
    if (there) return;
    await pause(10);
  }
};

export interface Struck {
  readonly job: Job;
  /** Milliseconds from the cancellation to the exit. */
  readonly cancelMs?: number;
  readonly faults: number;
}

interface Trap {
  readonly handling: Handling;
  /** Resolves when the moment has come to kill or to cancel. */
  readonly reached?: (over: AbortSignal) => Promise<void>;
  readonly act?: 'kill' | 'cancel';
  readonly fault?: Pick<Fault, 'fired' | 'cancel'>;
  /** Puts away what the blow left. */
  readonly tidy?: () => Promise<void>;
}

/** At the nth request of the run that the hub can tell whose it is, a person stops the line; and lets it go on when the job is over. */
const stopBefore = (stage: Stage, nth: number, { run }: Scene): Trap => {
  let [seen, issue] = [0, 0];
  stage.onRequest(async (_, of) => {
    if (of !== run.id) return;
    seen += 1;
    if (seen === nth) issue = await openIssue(stage.hub, { title: 'stop', labels: ['line-stopped'] });
  });
  const fault = {
    get fired() {
      return issue === 0 ? 0 : 1;
    },
    cancel: () => stage.onRequest(undefined)
  };
  return { handling: {}, fault, tidy: () => closeIssue(stage.hub, issue) };
};

const trapFor = (stage: Stage, blow: Blow, scene: Scene): Trap => {
  switch (blow.kind) {
    case 'stop':
      return stopBefore(stage, blow.call, scene);
    case 'fault':
      return { handling: {}, fault: stage.hub.fault({ ...blow.rule, match: { path: /^/, nth: blow.request } }) };
    case 'kill':
    case 'cancel': {
      const fault = holding(stage, blow.request, { phase: blow.phase, times: 1 });
      return { handling: {}, fault, reached: () => fault.reached, act: blow.kind };
    }
    case 'cancel-unheard': {
      const fault = holding(stage, blow.request, { phase: 'before', times: Number.POSITIVE_INFINITY });
      return { handling: {}, fault, reached: () => fault.reached, act: 'cancel' };
    }
    case 'kill-point':
    case 'cancel-point':
      return {
        handling: { environment: { STOP_AT: String(blow.point) } },
        reached: (over) => reachedPoint(stage, over),
        act: blow.kind === 'kill-point' ? 'kill' : 'cancel'
      };
    case 'kill-write':
      return { handling: { environment: { DIE_AT_WRITE: String(blow.write) } } };
    case 'cancel-write':
      return {
        handling: { environment: { WAIT_AT_WRITE: String(blow.write) } },
        reached: (over) => reachedPoint(stage, over),
        act: 'cancel'
      };
  }
};

/** Runs the job and strikes it once. */
export const strike = async (
  stage: Stage,
  step: Step,
  { scene, blow }: { scene: Scene; blow: Blow }
): Promise<Struck> => {
  // a job before may have been gone before it was looked for
  await rm(reachedFile(stage), { force: true });
  const trap = trapFor(stage, blow, scene);
  const [controller, over] = [new AbortController(), new AbortController()];
  const act = trap.act === 'kill' ? { kill: controller.signal } : { signal: controller.signal };
  let cancelledAt: number | undefined;
  const actWhenReached = async (reached: NonNullable<Trap['reached']>): Promise<void> => {
    await reached(over.signal);
    if (over.signal.aborted) return;
    controller.abort();
    if (trap.act === 'cancel') cancelledAt = performance.now();
  };
  const waiting = trap.reached === undefined ? undefined : actWhenReached(trap.reached);
  const job = await stage.job(step, scene, { ...trap.handling, ...(waiting === undefined ? {} : act) });
  const ended = performance.now();
  over.abort();
  trap.fault?.cancel();
  await trap.tidy?.();
  const cancel = cancelledAt === undefined ? {} : { cancelMs: ended - cancelledAt };
  return { job, ...cancel, faults: trap.fault?.fired ?? 1 };
};

/** Processes that a job of this stage left behind. */
export const survivors = ({ mark }: Stage): readonly string[] =>
  readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/environ`, 'latin1').includes(`FAULTS_MARK=${mark}\0`);
    } catch {
      return false;
    }
  });
