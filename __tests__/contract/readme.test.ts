import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/contract.ts';

const english = readFileSync('README.md', 'utf8');
const portuguese = readFileSync('README.pt-BR.md', 'utf8');

const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, inside = '']) => inside);

/** Commands without what they are explained by. */
const commandsIn = (text: string): readonly string[] =>
  blocks(text, 'sh').flatMap((block) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s*#.*$/, ''))
      .filter((line) => line !== '')
  );

const Delivery = v.object({ build: v.unknown(), deploy: v.unknown(), verify: v.unknown(), environments: v.unknown() });

/** Apart from the language. */
const deliveryIn = (text: string): unknown => v.parse(Delivery, parse(blocks(text, 'yaml')[0] ?? ''));

const headings = (text: string): number => text.split('\n').filter((line) => line.startsWith('## ')).length;

describe('the README in Portuguese', () => {
  test('gives the same commands and the same delivery.yml', () => {
    expect(commandsIn(portuguese)).toEqual(commandsIn(english));
    expect(commandsIn(english)).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(deliveryIn(portuguese)).toEqual(deliveryIn(english));
  });

  test('has the same sections, and every command', () => {
    expect(headings(portuguese)).toBe(headings(english));
    expect(COMMANDS.filter((name) => !portuguese.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test.each([
    ['README.md', english],
    ['README.pt-BR.md', portuguese]
  ])('%s counts the actions to production rightly', (_, text) => {
    const counted = /^## .*: (\d+) (?:actions|ações)$/m.exec(text)?.[1];
    const section = text.split(/^## /m).find((each) => /: \d+ (?:actions|ações)/.test(each)) ?? '';
    expect(section.match(/^\d+\. /gm)).toHaveLength(Number(counted));
    expect(Number(counted)).toBeLessThanOrEqual(4);
  });
});
