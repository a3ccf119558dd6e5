import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const MODEL = readFileSync('docs/threat-model.md', 'utf8');

interface Line {
  readonly cells: readonly string[];
  /** Test files in the last cell. */
  readonly files: readonly string[];
}

const linesOf = (first: RegExp): readonly Line[] =>
  MODEL.split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -1)
        .split(' | ')
        .map((cell) => cell.trim())
    )
    .filter(([cell = '']) => first.test(cell))
    .map((cells) => ({ cells, files: [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, file = '']) => file) }));

const INVARIANTS = linesOf(/^I\d+$/);
const THREATS = linesOf(/^T\d+$/);
const INPUTS = linesOf(/^\d+(, \d+)*$/);

const numbersOf = ({ cells: [rows = ''] }: Line): readonly number[] => rows.split(', ').map(Number);

/** The rows of the catalogue that the cases of a file name. */
const rowsIn = (file: string): readonly number[] =>
  [...readFileSync(file, 'utf8').matchAll(/\brow: (\d+)\b/g)].map(([, row]) => Number(row));

describe('the threat model', () => {
  test('has the threats 1 to 27 once each, and ten invariants', () => {
    expect(THREATS.map(({ cells }) => cells[0])).toEqual(Array.from({ length: 27 }, (_, n) => `T${n + 1}`));
    expect(INVARIANTS.map(({ cells }) => cells[0])).toEqual(Array.from({ length: 10 }, (_, n) => `I${n + 1}`));
  });

  test.each([...INVARIANTS, ...THREATS, ...INPUTS].map((line) => ({ name: line.cells.slice(0, 2).join(' '), line })))(
    '$name: is held by tests that exist, or out of scope with a reason',
    ({ line }) => {
      const outside = /^Out of scope: .{40,}/.test(line.cells[2] ?? '');
      expect(line.files.length > 0).toBe(!outside);
      expect(line.files.filter((file) => !/^__tests__\/.*\.ts$/.test(file) || !existsSync(file))).toEqual([]);
    }
  );

  test.each(INPUTS.map((line) => ({ name: line.cells[0], line })))(
    'rows $name are tried where the model says',
    ({ line }) => {
      const tried = line.files.flatMap(rowsIn);
      expect(numbersOf(line).filter((row) => !tried.includes(row))).toEqual([]);
      expect(line.files.filter((file) => !rowsIn(file).some((row) => numbersOf(line).includes(row)))).toEqual([]);
    }
  );

  test('no case has a number that the model does not know', () => {
    const known = INPUTS.flatMap(numbersOf);
    const tried = globSync('__tests__/**/*.ts').flatMap(rowsIn);
    expect([...new Set(tried)].filter((row) => !known.includes(row))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });
});
