import { expect, test } from '@jest/globals';
import { createScreen } from '../../../rehearsal/demo/screen.ts';

const shown = (colours: boolean): string => {
  const lines: string[] = [];
  const screen = createScreen({ write: (text) => lines.push(text), colours });
  screen.step('staging', '1.2.3 is live', { seconds: 1.26, calls: 6, mood: 'good' });
  screen.step('the line', 'stopped');
  return lines.join('');
};

test('keeps its columns', () => {
  const [first = '', second] = shown(false).split('\n');
  expect(first).toMatch(/^ {3}staging {5}1\.2\.3 is live +1\.3 s {3}6 API calls$/);
  expect(second).toBe('   the line    stopped');
});

test('is colourful only where asked to be', () => {
  expect(shown(false)).not.toContain('\u001B');
  expect(shown(true)).toContain('\u001B[32m');
});
