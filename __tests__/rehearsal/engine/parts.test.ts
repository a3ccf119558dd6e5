import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createConcurrency } from '../../../rehearsal/engine/concurrency.ts';
import type { Member, Place } from '../../../rehearsal/engine/concurrency.ts';
import { evaluate, holds } from '../../../rehearsal/engine/expressions.ts';
import type { Values } from '../../../rehearsal/engine/expressions.ts';
import { passes, patternOf, somePasses } from '../../../rehearsal/engine/filters.ts';
import { planStrategy } from '../../../rehearsal/engine/matrix.ts';
import { lowered } from '../../../rehearsal/engine/permissions.ts';

const scope = (contexts: Values) => ({ contexts, functions: {} });

describe('expressions by GitHub', () => {
  test.each([
    ["format('{0}-{1}', a.b, 1)", 'x-1'],
    ['contains(fromJSON(\'["a","B"]\'), \'b\')', true],
    ["a.B == 'X'", true],
    ["a.nothing || 'else'", 'else'],
    ['toJSON(a)', '{\n  "b": "x"\n}'],
    ["case(false, 1, true, 'two', 3)", 'two'],
    ["'it''s ''quoted'''", "it's 'quoted'"],
    ['list.*.id', [1, 2]]
  ])('%s', (text, value) => {
    expect(evaluate(text, scope({ a: { b: 'x' }, list: [{ id: 1 }, { id: 2 }] }))).toEqual(value);
  });

  test('only empty text, 0, false and null are false', () => {
    expect(["''", '0', 'false', 'null', "'0'", "'false'"].map((text) => holds(text, scope({})))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true
    ]);
  });

  test('an unknown field of a closed context is no empty text', () => {
    expect(() => evaluate('github.typo', scope({ github: { ref: '' } }))).toThrow('does not know github.typo');
    expect(() => evaluate("github['typo']", scope({ github: {} }))).toThrow('does not know github.typo');
    expect(evaluate('needs.typo.result', scope({ needs: {} }))).toBe(null);
  });
});

describe('filters', () => {
  test.each([
    ['feature/*', 'feature/a', true],
    ['feature/*', 'feature/a/b', false],
    ['feature/**', 'feature/a/b', true],
    ['**', 'a/b', true],
    ['v[12].[0-9]+.[0-9]+', 'v1.10.1', true],
    ['v[12].[0-9]+.[0-9]+', 'v3.0.0', false],
    ['*.jsx?', 'page.js', true],
    ['docs/**/*.md', 'docs/a.md', true],
    ['**.js', 'src/a/b.js', true],
    ['a.b', 'axb', false]
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(patternOf(pattern).test(name)).toBe(expected);
  });

  test('the last pattern that matches decides', () => {
    const only = ['releases/**', '!releases/**-alpha', 'releases/x-alpha'];
    expect(
      ['releases/a', 'releases/a-alpha', 'releases/x-alpha', 'main'].map((name) =>
        passes({ only, ignore: undefined }, name)
      )
    ).toEqual([true, false, true, false]);
    expect(somePasses({ only: undefined, ignore: ['docs/**'] }, ['docs/a', 'docs/b'])).toBe(false);
    expect(somePasses({ only: undefined, ignore: ['docs/**'] }, ['docs/a', 'src/b'])).toBe(true);
  });
});

const plan = (matrix: Values) =>
  planStrategy({ kind: 'expression', text: 'given' }, scope({ given: { matrix } })).legs.map(({ values }) => values);

describe('matrix', () => {
  test('include joins what it does not contradict, or stands alone, as in the example of the docs', () => {
    expect(
      plan({
        fruit: ['apple', 'pear'],
        animal: ['cat', 'dog'],
        include: [
          { color: 'green' },
          { color: 'pink', animal: 'cat' },
          { fruit: 'apple', shape: 'circle' },
          { fruit: 'banana' },
          { fruit: 'banana', animal: 'cat' }
        ]
      })
    ).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' }
    ]);
  });

  test('exclude takes away what matches in part; nothing left is an error', () => {
    expect(plan({ a: [1, 2], b: [1, 2], exclude: [{ a: 1 }] })).toEqual([
      { a: 2, b: 1 },
      { a: 2, b: 2 }
    ]);
    expect(() => plan({ a: [] })).toThrow("Matrix vector 'a' does not contain any values");
  });
});

describe('permissions', () => {
  test('a called workflow may lower, never raise', () => {
    expect(lowered({ contents: 'write' }, { contents: 'read' }, 'x')).toEqual({ contents: 'read' });
    expect(() => lowered({ contents: 'read' }, { contents: 'write' }, 'x')).toThrow(
      "The nested job 'x' is requesting 'contents: write', but is only allowed 'contents: read'"
    );
  });
});

describe('concurrency groups', () => {
  test('whatever comes and goes: one has the turn, with queue: single one waits, nobody is forgotten', async () => {
    const action = fc.record({ leave: fc.boolean(), cancel: fc.boolean(), isReady: fc.boolean(), upper: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const groups = createConcurrency();
        const alive = new Map<string, Place>();
        const cancelled = new Set<string>();
        for (const [at, { leave, cancel, isReady, upper }] of actions.entries()) {
          const name = String(at);
          const member: Member = { name, cancel: () => void cancelled.add(name) };
          const request = { group: upper ? 'LINE' : 'line', cancelInProgress: cancel, queue: 'single' } as const;
          const place = groups.arrive(request, member);
          alive.set(name, place);
          if (isReady) place.ready();
          for (const gone of cancelled) {
            alive.get(gone)?.leave();
            alive.delete(gone);
          }
          const holder = groups.holder('line');
          if (leave && holder !== undefined) {
            alive.get(holder)?.leave();
            alive.delete(holder);
          }
          expect(groups.waiting('line').length).toBeLessThanOrEqual(1);
          const known = [groups.holder('line'), ...groups.waiting('line')].filter((each) => each !== undefined);
          expect(known.toSorted()).toEqual([...alive.keys()].toSorted());
        }
      }),
      { numRuns: 200 }
    );
  });

  test('queue: max keeps a hundred in their order', async () => {
    const groups = createConcurrency();
    const cancelled: string[] = [];
    const places = Array.from({ length: 103 }, (_, at) => {
      const place = groups.arrive(
        { group: 'line', cancelInProgress: false, queue: 'max' },
        { name: String(at), cancel: () => void cancelled.push(String(at)) }
      );
      place.ready();
      return place;
    });
    expect(cancelled).toEqual(['101', '102']);
    places[0]?.leave();
    expect(groups.holder('line')).toBe('1');
    expect(groups.waiting('line').length).toBe(99);
  });
});
