import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from '../../src/config/report.ts';
import { delivered, line, run } from '../commands/report-world.ts';

let text: string;
let rows: readonly string[];

beforeAll(async () => {
  const made = await line();
  for (let id = 3; id < 40; id += 1) delivered(made, id, '1.1.0', 2000 - id);
  await run(made);
  text = await readFile(join(made.surroundings.workspace, '.delivery', 'delivery.json'), 'utf8');
  rows = text.split('\n');
});

test('every entry stands on a line of its own', async () => {
  const { deliveries = [], releases = [], changes = [] } = (await readReport(rows)) ?? {};
  const entries = rows.filter((row) => row.startsWith('{"id":') && row.includes('"node":'));
  expect(entries).toHaveLength(deliveries.length);
  expect(rows.length).toBeGreaterThan(deliveries.length + releases.length + changes.length);
});

test('line by line, at once or laid out by others, it is the same report', async () => {
  const whole: unknown = JSON.parse(text);
  expect(await readReport(rows)).toEqual(whole);
  expect(await readReport([text])).toEqual(whole);
  expect(await readReport([JSON.stringify(whole)])).toEqual(whole);
  expect(await readReport(JSON.stringify(whole, undefined, 2).split('\n'))).toEqual(whole);
});

describe('is none', () => {
  const entry = (): number => rows.findIndex((row) => row.startsWith('{"id":'));
  const without = (at: number): string[] => rows.filter((_, index) => index !== at);
  const cases: Readonly<Record<string, () => readonly string[]>> = {
    nothing: () => [],
    'an empty line': () => [''],
    null: () => ['null'],
    'a page': () => ['<!doctype html>', '<p>Sign in</p>'],
    'one that was cut off': () => rows.slice(0, entry() + 3),
    'half an entry': () => rows.map((row, at) => (at === entry() ? row.slice(0, 40) : row)),
    'an entry of something else': () => rows.map((row, at) => (at === entry() ? '{"id":1},' : row)),
    'an entry where there is no list': () => ['{"id":1}', ...rows],
    'lines without their frame': () => without(0),
    'a list that nobody knows': () => rows.map((row) => row.replace('"deliveries":[', '"constructor":[')),
    'two documents': () => [...rows, ...rows]
  };
  test.each(Object.keys(cases))('%s', async (name) => {
    expect(await readReport(cases[name]?.() ?? [])).toBeUndefined();
  });
});
