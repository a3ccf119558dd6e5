import { describe, expect, test } from '@jest/globals';
import { cellsOf, figureOf, judged, missedIn, ratio, tableOf } from '../../../scripts/bench/figures.ts';
import { readOptions } from '../../../scripts/bench/options.ts';

describe('figures', () => {
  test('show the middle and the noise', () => {
    expect(figureOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(figureOf([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 });
    expect(cellsOf(figureOf([0.25, 0.5, 1]), { unit: 's', digits: 2 })).toEqual({
      s: '0.50',
      'min..max': '0.25..1.00'
    });
  });

  test('compare medians', () => {
    expect(ratio(figureOf([3]), figureOf([2]))).toBe('1.50x');
  });

  test('stand in a Markdown table that lines up, empty where a row says nothing', () => {
    const rows = [
      { who: 'ours', s: '0.1', ...judged('<= 0.2 s', true) },
      { who: 'a longer name', bar: '', verdict: '' }
    ];
    expect(tableOf(rows).split('\n')).toEqual([
      '| who           | s   | bar      | verdict |',
      '| ------------- | --- | -------- | ------- |',
      '| ours          | 0.1 | <= 0.2 s | holds   |',
      '| a longer name |     |          |         |'
    ]);
  });

  test('count the bars that were missed, in every section', () => {
    const section = (holds: boolean): { title: string; rows: ReturnType<typeof judged>[] } => ({
      title: '',
      rows: [judged('x', holds), judged('x', true)]
    });
    expect(missedIn([section(false), section(true), section(false)])).toBe(2);
  });
});

describe('options of the bench', () => {
  test('without any: everything, in order, against other tools', () => {
    expect(readOptions([])).toMatchObject({
      parts: ['version', 'pack', 'start', 'calls', 'report'],
      quick: false,
      peers: true,
      strict: false
    });
  });

  test('quick leaves other tools out, and so can a full run', () => {
    expect(readOptions(['--quick', '--strict'])).toMatchObject({ quick: true, peers: false, strict: true });
    expect(readOptions(['--no-peers'])).toMatchObject({ quick: false, peers: false });
  });

  test('parts may be chosen, and keep their order', () => {
    expect(readOptions(['--only', 'calls', '--only=version', '--scratch=/somewhere'])).toMatchObject({
      parts: ['version', 'calls'],
      scratch: '/somewhere'
    });
  });

  test.each([['--only', 'speed'], ['--fast'], ['pack']])('what it does not know is an error: %s', (...words) => {
    expect(() => readOptions(words)).toThrow(/speed: the parts are version|'--fast'|'pack'/);
  });
});
