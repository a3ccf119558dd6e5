import type { Journey, JourneyStep } from '../../domain/report.ts';
import type { Sheet } from './sheet.ts';

/** A step as the page shows it: the first one is told in two where the moment of the merge is known. */
export interface Step extends Omit<JourneyStep, 'kind'> {
  readonly kind: 'whole' | 'work' | 'build' | 'wait' | 'deliver';
}

const between = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** When the last change of the version reached the main line. */
const mergedAt = ({ component, version }: Journey, { report, changes }: Sheet): string | undefined => {
  const release = report.releases.find((each) => each.version === version && each.component === component);
  return (release?.changes ?? [])
    .map((commit) => changes.get(commit)?.date)
    .filter((date) => date !== undefined)
    .toSorted()
    .at(-1);
};

const told = (step: JourneyStep, merged: string | undefined): readonly Step[] => {
  if (step.kind !== 'build') return [{ ...step, kind: step.kind }];
  const { from, to } = step;
  if (merged === undefined || to === null || merged <= from || to <= merged) return [{ ...step, kind: 'whole' }];
  return [
    { ...step, kind: 'work', to: merged, seconds: between(from, merged) },
    { ...step, kind: 'build', from: merged, seconds: between(merged, to) }
  ];
};

export const stepsOf = (journey: Journey, sheet: Sheet): readonly Step[] => {
  const merged = mergedAt(journey, sheet);
  return journey.steps.flatMap((step) => told(step, merged));
};

/** What it looks like, in the list and in the bar. */
export const lookOf = ({ kind, state }: Step): string => {
  if (state === 'failed') return 'bad';
  if (kind === 'wait') return 'wait';
  return kind === 'work' || kind === 'whole' ? 'work' : 'flow';
};

export const secondsOf = (steps: readonly Step[]): number =>
  steps.reduce((sum, { seconds }) => sum + Math.max(0, seconds), 0);
