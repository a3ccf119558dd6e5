import type { Machine } from '../machine.ts';

export interface ShimCall {
  readonly inputs: Readonly<Record<string, string>>;
  readonly machine: Machine;
  /** A line of the log. */
  readonly say: (line: string) => void;
}

export interface ShimEnd {
  readonly outputs: Readonly<Record<string, string>>;
  /** The action's post step. */
  readonly post?: () => Promise<void>;
}

/** Our own stand-in for an action of GitHub's, without its code. What it throws fails the step, as the action would. */
export interface Shim {
  /** Every input it carries out and its default; another one stops the rehearsal. */
  readonly inputs: Readonly<Record<string, string>>;
  run(call: ShimCall): Promise<ShimEnd>;
}
