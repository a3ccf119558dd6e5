import { describe, expect, test } from '@jest/globals';
import { filled, pages } from '../../scripts/documents/docs.ts';
import { jsonSchemas, schemaDocuments } from '../../scripts/documents/schemas.ts';
import { TABLES } from '../../scripts/documents/tables.ts';
import { outdated } from '../../scripts/documents/up-to-date.ts';
import { COMMANDS, INPUTS, INPUTS_OF, OUTPUTS, OVERRIDABLE, REASONS } from '../../src/contract.ts';
import { PERMISSIONS } from '../../src/domain/permissions.ts';

const rows = (name: string): readonly (readonly string[])[] =>
  (TABLES.get(name)?.() ?? '')
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', ''))
    );

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every key that stands below `properties` anywhere in a JSON Schema. */
const keysIn = (schema: unknown): readonly string[] =>
  isObject(schema)
    ? Object.entries(schema).flatMap(([name, value]) => [
        ...(name === 'properties' && isObject(value) ? Object.keys(value) : []),
        ...keysIn(value)
      ])
    : [];

describe('generated files', () => {
  test('the published schemas are those of the source', () => {
    expect(outdated(schemaDocuments())).toEqual([]);
  });

  test('the tables in the pages are those of the source', () => {
    expect([...pages().keys()]).toContain('docs/reference.md');
    expect(outdated(pages())).toEqual([]);
  });

  test('a page that drifted is found, and filled in again', () => {
    const page = 'a\n<!-- generated:outputs -->\nold\n<!-- /generated:outputs -->\nb\n';
    expect(filled(page)).toContain('| `deployment-id` |');
    expect(filled(filled(page))).toBe(filled(page));
    expect(outdated(new Map([['docs/reference.md', 'old']]))).toEqual(['docs/reference.md']);
    expect(() => filled(page.replaceAll('outputs', 'output'))).toThrow('there is no table output');
  });
});

describe('tables', () => {
  test('of commands, inputs, outputs and reasons are complete', () => {
    expect(rows('commands').map(([name]) => name)).toEqual([...COMMANDS]);
    expect(rows('inputs').map(([name]) => name)).toEqual([...INPUTS]);
    expect(rows('outputs').map(([name]) => name)).toEqual([...OUTPUTS]);
    expect(rows('reasons').map(([name]) => name)).toEqual(Object.keys(REASONS));
    expect([...rows('inputs'), ...rows('outputs'), ...rows('commands')].flat().filter((cell) => cell === '')).toEqual(
      []
    );
  });

  test('say which permission each command needs', () => {
    for (const [name = '', , permissions] of rows('commands')) {
      const command = COMMANDS.find((each) => each === name) ?? 'plan';
      for (const scope of Object.keys(PERMISSIONS[command])) expect(permissions).toContain(scope);
    }
  });

  test('say which command takes which input', () => {
    const taken = rows('matrix').flatMap(([input, ...cells]) =>
      cells.flatMap((cell, index) => (cell === 'yes' ? [`${COMMANDS[index]} ${input}`] : []))
    );
    const expected = INPUTS.flatMap((input) =>
      COMMANDS.filter((command) => INPUTS_OF[command].includes(input)).map((command) => `${command} ${input}`)
    );
    expect(taken).toEqual(expected);
  });

  test('say what can be overridden', () => {
    const overridable = rows('reasons').filter((row) => row.at(-1) === 'yes');
    expect(new Set(overridable.map(([code]) => code))).toEqual(new Set(OVERRIDABLE));
  });

  test('list every key of delivery.yml with a meaning', () => {
    const keys = rows('delivery');
    expect(keys.filter((row) => row.length !== 4 || row[1] === '' || row[3] === '')).toEqual([]);
    const named = keys.flatMap(([path = '']) => path.split('.').slice(-1));
    expect(new Set(named)).toEqual(new Set(keysIn(jsonSchemas().get('delivery.schema.json'))));
  });
});
