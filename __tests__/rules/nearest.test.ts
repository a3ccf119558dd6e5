import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMANDS, INPUTS } from '../../src/contract.ts';
import { nearest } from '../../src/rules/nearest.ts';

describe('nearest', () => {
  test.each([
    ['delpoy', COMMANDS, 'deploy'],
    ['Deploy', COMMANDS, 'deploy'],
    ['roll-back', COMMANDS, 'rollback'],
    ['output_dir', INPUTS, 'output-dir'],
    ['env', INPUTS, 'environment'],
    ['versions', INPUTS, 'version'],
    ['verion', INPUTS, 'version']
  ])('%s', (wanted, names, first) => {
    expect(nearest(wanted, names)[0]).toBe(first);
  });

  test('equally near names keep their order', () => {
    expect(nearest('x', ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  });

  test('a valid name stands first, even beside one that differs in case only', () => {
    const names = fc.uniqueArray(fc.string(), { minLength: 1 });
    fc.assert(
      fc.property(names, fc.nat(), (known, index) => {
        const name = known[index % known.length] ?? '';
        expect(nearest(name, known)[0]).toBe(name);
      })
    );
    expect(nearest('B', ['b', 'B'])[0]).toBe('B');
  });

  test('no name is lost or added', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (wanted, known) => {
        expect(nearest(wanted, known).toSorted()).toEqual(known.toSorted());
      })
    );
  });

  test('a slip of one letter finds the name again', () => {
    const slip = fc.tuple(fc.constantFrom(...COMMANDS), fc.nat(), fc.constantFrom('', 'z'));
    fc.assert(
      fc.property(slip, ([name, place, letter]) => {
        const at = place % name.length;
        expect(nearest(name.slice(0, at) + letter + name.slice(at + 1), COMMANDS)[0]).toBe(name);
      })
    );
  });

  test('a megabyte of text costs no more than a word', () => {
    expect(nearest('x'.repeat(1_000_000), COMMANDS)).toHaveLength(COMMANDS.length);
  });
});
