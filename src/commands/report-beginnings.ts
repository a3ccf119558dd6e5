import type { ReasonCode } from '../contract.ts';
import type { LedgerRecord, LedgerRelease, PullStart } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import type { PullStarts } from '../ports/ledger.ts';
import { pullsOf, unbegunChanges, withBeginnings } from '../rules/beginnings.ts';
import type { PullStartsByNumber } from '../rules/beginnings.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';

/** GitHub's most for one call, and how many calls one report makes: 1,000 pull requests. */
const AT_ONCE = 100;
const MOST_CALLS = 10;

export interface WithBeginnings {
  readonly releases: readonly LedgerRelease[];
  /** Changes that still begin with the merge, for their pull requests have not told. */
  readonly unbegun: number;
  /** The permission that would make them tell; null when the next report will do. */
  readonly needs: string | null;
}

const UNANSWERED: ReadonlySet<ReasonCode> = new Set(['hosting-failed', 'phase-timeout']);

/** Undefined when GitHub did not answer: lead times can wait for the next report, everything else need not. */
const ask = async (context: Context, numbers: readonly number[]): Promise<PullStarts | undefined> => {
  assertNotCancelled(context, 'report');
  try {
    return await context.ports.hosting.pullStarts(numbers);
  } catch (error) {
    if (error instanceof Refusal && UNANSWERED.has(error.reason.code)) return undefined;
    throw error;
  }
};

interface Told {
  readonly pulls: PullStartsByNumber;
  readonly needs: string | null;
}

/** Goes on until GitHub does not answer, or tells nothing for want of a permission. */
const readPulls = async (context: Context, numbers: readonly number[]): Promise<Told> => {
  const pulls = new Map<number, PullStart | null>();
  let needs: string | null = null;
  for (let call = 0; call < MOST_CALLS; call += 1) {
    const some = numbers.slice(call * AT_ONCE, (call + 1) * AT_ONCE);
    const answer = some.length === 0 ? undefined : await ask(context, some);
    if (answer === undefined) break;
    for (const [number, pull] of answer.pulls) pulls.set(number, pull);
    needs ??= answer.needs;
    if (answer.needs !== null && answer.pulls.size === 0) break;
  }
  return { pulls, needs };
};

/**
 * Asks when work on the changes of the windows began, one call for a hundred pull requests that have not told yet, the
 * newest first. What they told is kept in the report, and asked for only once.
 */
export const readBeginnings = async (
  context: Context,
  releases: readonly LedgerRelease[],
  records: readonly LedgerRecord[]
): Promise<WithBeginnings> => {
  const known = withBeginnings(releases, new Map());
  const open = unbegunChanges(known, records, context.ports.clock.now());
  const { pulls, needs } = await readPulls(context, pullsOf(open));
  const unbegun = open.filter(({ pull }) => pull !== null && !pulls.has(pull)).length;
  return { releases: withBeginnings(known, pulls), unbegun, needs };
};
