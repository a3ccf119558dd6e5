import type { Outcome } from '../domain/outcome.ts';
import { reasonIn } from '../domain/refusal.ts';
import type { Context } from './context.ts';
import { mark } from './turn.ts';

/** A record this run has to close, whatever happens. */
export interface Held {
  readonly record: number;
  /** How it ends when the work breaks off. */
  readonly state: () => 'error' | 'inactive';
  /** A cancelled run has seconds for that; what it says when GitHub does not answer in them. */
  readonly leftOpen: () => Outcome;
}

/** Promise R7: whatever goes wrong, the record does not stay open. */
export const closing = async (context: Context, held: Held, work: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await work();
  } catch (error) {
    const why = reasonIn(error);
    try {
      await mark(context, held.record, { state: held.state(), text: { kind: 'ended', why } });
    } catch (unclosed) {
      if (context.ports.signal.aborted) return held.leftOpen();
      throw unclosed;
    }
    throw error;
  }
};
