/** Longer texts are no slip of the finger, and the distance costs their product. */
const LONGEST = 64;

const normal = (text: string): string => text.slice(0, LONGEST).toLowerCase().replaceAll('_', '-');

/** Edits (insert, delete, replace, swap two neighbours) that turn `a` into `b`: optimal string alignment. */
const edits = (a: string, b: string): number => {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => Number(table[i * width + j]);
  for (let i = 0; i <= a.length; i++) table[i * width] = i;
  for (let j = 0; j <= b.length; j++) table[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      table[i * width + j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped);
    }
  }
  return at(a.length, b.length);
};

const distance = (wanted: string, name: string): number => {
  if (wanted === name) return -1;
  const [left, right] = [normal(wanted), normal(name)];
  const begun = left.length > 1 && (right.startsWith(left) || left.startsWith(right));
  return begun && left !== right ? 0.5 : edits(left, right);
};

/** All the names, the one most probably meant first; equally near ones keep their order. */
export const nearest = (wanted: string, names: readonly string[]): readonly string[] =>
  names
    .map((name) => ({ name, distance: distance(wanted, name) }))
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
