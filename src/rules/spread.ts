export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly n: number;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The one in the middle, or the two. */
const middle = (sorted: readonly number[]): readonly number[] =>
  sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);

/**
 * Median and 90th percentile. The median of an even number is the mean of the two in the middle; the percentile is the
 * nearest rank, so that it is always a value that occurred. Undefined without values: no data is not 0.
 */
export const spreadOf = (values: readonly number[]): Spread | undefined => {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.ceil(0.9 * sorted.length);
  const halves = middle(sorted);
  return { median: sumOf(halves) / halves.length, p90: sumOf(sorted.slice(rank - 1, rank)), n: sorted.length };
};
