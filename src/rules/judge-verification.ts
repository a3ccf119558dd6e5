/** One look at the target: an HTTP answer or the end of the verify script. */
export interface Look {
  readonly good: boolean;
}

/** Successes in a row at the end of the looks: one good answer of a flapping service proves nothing. */
export const inRow = (looks: readonly Look[]): number => {
  const lastBad = looks.findLastIndex((look) => !look.good);
  return looks.length - 1 - lastBad;
};

export type Judgement = 'passed' | 'again' | 'failed';

export interface Evidence {
  readonly looks: readonly Look[];
  readonly needed: number;
  readonly secondsLeft: number;
}

/** A run of successes that completes after the deadline still counts: it was seen. */
export const judge = ({ looks, needed, secondsLeft }: Evidence): Judgement => {
  if (inRow(looks) >= needed) return 'passed';
  return secondsLeft > 0 ? 'again' : 'failed';
};

/** Seconds until the next look: soon after a success, backing off to 5 after failures. */
export const pauseAfter = (looks: readonly Look[]): number => {
  const lastGood = looks.findLastIndex((look) => look.good);
  const failures = looks.length - 1 - lastGood;
  return failures === 0 ? 1 : Math.min(5, 2 ** (failures - 1));
};

/** Fills `{environment}` and `{version}`; nothing else is a placeholder. */
export const fill = (text: string, values: { readonly environment: string; readonly version: string }): string =>
  text.replaceAll('{environment}', () => values.environment).replaceAll('{version}', () => values.version);
