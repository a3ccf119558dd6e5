import type { Reason } from '../src/domain/refusal.ts';
import { Refusal } from '../src/domain/refusal.ts';

/** Why the action was refused, or undefined when it was not; any other error goes through. */
export const reasonFor = (action: () => unknown): Reason | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
};
