import type { Phase } from '../domain/phase.ts';
import type { Refusal } from '../domain/refusal.ts';

/** Gives every part of a command an end (promise R8). */
export interface Phases {
  /**
   * Whatever is asked of others during `work` has the seconds of the phase in all; what would go on longer throws
   * `phase-timeout`. A phase within another has a time of its own: what must be written down always has one.
   */
  during<T>(phase: Phase, work: () => Promise<T>): Promise<T>;
  /** Seconds left of the phase at work; no end outside of all. */
  left(): number;
  /** The refusal that ends the phase at work when nothing is left of it; `call` is what was asked last. */
  over(call: string): Refusal | undefined;
}
