export interface Masks {
  /** Every line of a value becomes a mask of its own, as in the runner. */
  add(value: string): void;
  apply(text: string): string;
}

/** The encodings the runner hides too (actions/runner, `ValueEncoders`); the shifted forms of base64 are left out. */
const formsOf = (value: string): string[] => [
  value,
  Buffer.from(value).toString('base64'),
  encodeURIComponent(value.toWellFormed()),
  JSON.stringify(value).slice(1, -1)
];

export const createMasks = (): Masks => {
  const known = new Set<string>();
  return {
    add: (value) => {
      if (value.trim() === '') return;
      const lines = value.split(/[\r\n]/).map((line) => line.trim());
      for (const form of [value, ...lines].filter((each) => each !== '').flatMap(formsOf)) known.add(form);
    },
    apply: (text) =>
      [...known].toSorted((a, b) => b.length - a.length).reduce((sum, form) => sum.replaceAll(form, '***'), text)
  };
};
