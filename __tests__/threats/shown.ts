/** Cases with their input as one short line of JSON, for the titles of tests. */
export const shown = <K extends string, T extends { readonly row: number } & Readonly<Record<K, unknown>>>(
  input: K,
  cases: readonly T[]
): readonly (T & { readonly shown: string })[] =>
  cases.map((each) => ({ ...each, shown: JSON.stringify(each[input]).slice(0, 60) }));
