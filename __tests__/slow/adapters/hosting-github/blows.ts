import { expect } from '@jest/globals';
import type { FaultKind, FaultMatch, FaultRule, Hub } from '../../../../rehearsal/hub/index.ts';

export type Blow = Omit<FaultRule, 'match'>;

const LIMITS: readonly FaultKind[] = ['429', 'secondary-403', 'primary-403'];
const LOSSES: readonly FaultKind[] = [502, 'reset', 'hang', 'truncate', 'cut', 'drip', 'html', 'empty'];

/** Everything that can befall one call, by name: before it is carried out, and after. */
export const BLOWS: readonly (readonly [string, Blow])[] = [
  ...LIMITS.map((kind) => [`${kind}`, { kind }] as const),
  ['secondary-403 without a time', { kind: 'secondary-403', retryAfterSeconds: null }],
  ...LOSSES.flatMap((kind) => [
    [`${kind} before`, { kind, phase: 'before' }] as const,
    [`${kind} after`, { kind, phase: 'after' }] as const
  ]),
  ['reset after, and again', { kind: 'reset', phase: 'after', times: 2 }],
  ['502 before, three times', { kind: 502, phase: 'before', times: 3 }]
];

/** The work, struck at the calls that match; fails when nothing was struck. */
export const struck = async <T>(
  hub: Pick<Hub, 'fault'>,
  { match, blow }: { readonly match: FaultMatch; readonly blow: Blow },
  work: () => Promise<T>
): Promise<T> => {
  const fault = hub.fault({ ...blow, match });
  try {
    return await work();
  } finally {
    fault.cancel();
    expect(fault.fired).toBeGreaterThan(0);
  }
};
