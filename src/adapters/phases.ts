import { AsyncLocalStorage } from 'node:async_hooks';
import { PHASES } from '../domain/phase.ts';
import type { Phase } from '../domain/phase.ts';
import { refuse } from '../domain/refusal.ts';
import type { Clock } from '../ports.ts';
import type { Phases } from '../ports/phases.ts';

interface AtWork {
  readonly phase: Phase;
  /** Monotonic second. */
  readonly end: number;
}

/** The phase follows the work through everything it awaits, so that two at the same time do not end each other. */
export const createPhases = (
  clock: Pick<Clock, 'elapsed'>,
  seconds: Readonly<Record<Phase, number>> = PHASES
): Phases => {
  const atWork = new AsyncLocalStorage<AtWork>();
  const left = (): number => (atWork.getStore()?.end ?? Number.POSITIVE_INFINITY) - clock.elapsed();
  return {
    during: (phase, work) => atWork.run({ phase, end: clock.elapsed() + seconds[phase] }, work),
    left,
    over: (call) => {
      const phase = atWork.getStore()?.phase;
      if (phase === undefined || left() > 0) return undefined;
      return refuse('phase-timeout', { phase, seconds: String(seconds[phase]), call });
    }
  };
};
