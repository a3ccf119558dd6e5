import type { FaultKind } from '../hub/index.ts';
import type { Scenario } from './matrix.ts';

/** The job waits for its own deadline. */
const SLOW: readonly FaultKind[] = ['hang'];

/** Most of its time nobody works. */
const waitsLong = ({ blow, follower }: Scenario): boolean =>
  follower === 'early-run' ||
  (blow.kind === 'fault' && (SLOW.includes(blow.rule.kind) || blow.rule.times !== undefined));

/** Part of the order by whose end the last one that waits has begun. */
const BEGUN = 5 / 6;

/**
 * Those that wait are spread evenly: at once they would hold every lane and leave the processors idle, and at the end
 * everybody would wait for them.
 */
export const mixed = (scenarios: readonly Scenario[]): readonly Scenario[] => {
  const waiting = scenarios.filter(waitsLong);
  const others = scenarios.filter((each) => !waitsLong(each));
  const share = Math.floor((scenarios.length * BEGUN) / Math.max(1, waiting.length));
  const between = Math.max(0, share - 1);
  const order = waiting.flatMap((each, index) => [each, ...others.slice(index * between, (index + 1) * between)]);
  return [...order, ...others.slice(waiting.length * between)];
};
