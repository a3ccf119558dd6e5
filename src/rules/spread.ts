export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly n: number;
}

const middle = (sorted: readonly number[]): number => {
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
};

/**
 * Median and 90th percentile. The median of an even number is the mean of the two in the middle; the percentile is the
 * nearest rank, so that it is always a value that occurred. Undefined without values: no data is not 0.
 */
export const spreadOf = (values: readonly number[]): Spread | undefined => {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.ceil(0.9 * sorted.length) - 1;
  return { median: middle(sorted), p90: sorted[rank] ?? 0, n: sorted.length };
};
