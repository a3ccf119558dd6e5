/** Repeated measurements of one thing. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Cells in the order they are printed. */
export type Row = Readonly<Record<string, string>>;

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader has to know to read the table. */
  readonly notes?: readonly string[];
}

/** The middle of an odd number of samples; the mean of the two in the middle of an even number. */
export const figureOf = (samples: readonly number[]): Figure => {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
};

export interface Format {
  readonly unit: string;
  readonly digits: number;
}

/** The two columns of a figure: its median and its noise. */
export const cellsOf = ({ median, min, max }: Figure, { unit, digits }: Format): Row => ({
  [unit]: median.toFixed(digits),
  'min..max': `${min.toFixed(digits)}..${max.toFixed(digits)}`
});

export const ratio = (a: Figure, b: Figure): string => `${(a.median / b.median).toFixed(2)}x`;

/** The last two columns of a row that no bar is set for, or whose bar needs what was not measured. */
export const NO_BAR: Row = { bar: '', verdict: '' };

/** The last two columns of a row with a bar. */
export const judged = (bar: string, holds: boolean): Row => ({ bar, verdict: holds ? 'holds' : 'MISSED' });

export const missedIn = (sections: readonly Section[]): number =>
  sections.flatMap(({ rows }) => rows).filter(({ verdict }) => verdict === 'MISSED').length;

/** A Markdown table whose columns line up in a terminal too. Columns are those of the first row. */
export const tableOf = (rows: readonly Row[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  const widths = columns.map((_, index) => Math.max(3, ...lines.map((line) => (line[index] ?? '').length)));
  const draw = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [draw(head), draw(widths.map((width) => '-'.repeat(width))), ...body.map(draw)].join('\n');
};
