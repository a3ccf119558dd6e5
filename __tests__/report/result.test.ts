import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OUTPUTS } from '../../src/contract.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { reason } from '../../src/domain/refusal.ts';
import { outputsOf, resultOf } from '../../src/report/result.ts';
import { COMMIT, change, record, anyText } from './examples.ts';

const outcome: Outcome = {
  command: 'deploy',
  verdict: 'done',
  reason: reason('delivered', { version: '1.8.0', environment: 'production' }),
  version: '1.8.0',
  tag: 'v1.8.0',
  commit: COMMIT,
  previous: '1.7.2',
  changed: true,
  digest: 'sha256:ab',
  releaseUrl: 'https://github.com/acme/shop/releases/tag/v1.8.0',
  environment: 'production',
  environmentUrl: 'https://shop.example',
  deployment: 77,
  approvedBy: ['bia'],
  changes: [change()],
  rows: [{ environment: 'production', live: { kind: 'version', record: record() }, waiting: 0 }],
  notes: [{ kind: 'unverified', version: '1.8.0' }]
};

const bytes = (text: string): number => Math.max(Buffer.byteLength(text), text.length * 2);
const parsed = (text: string): Record<string, unknown> => Object(JSON.parse(text));

describe('result', () => {
  test('holds the whole outcome, and says it in words', () => {
    const document = parsed(resultOf(outcome, 'en'));
    expect(document).toMatchObject({ schema: 1, language: 'en', ...JSON.parse(JSON.stringify(outcome)) });
    expect(document['sentence']).toBe('Version 1.8.0 is live in production. Nothing is left to do.');
    expect(document['said']).toEqual(['Nobody checked whether 1.8.0 works: it has no `verify:` section.']);
    expect(document).not.toHaveProperty('cut');
  });

  test('cuts a long list of changes and says so', () => {
    const changes = Array.from({ length: 10_000 }, (_, index) => change({ subject: `change ${index}` }));
    const text = resultOf({ ...outcome, changes }, 'pt-BR');
    expect(bytes(text)).toBeLessThanOrEqual(256_000);
    const document = parsed(text);
    const { changes: kept } = document;
    const shown = Array.isArray(kept) ? kept.length : 0;
    expect(shown).toBeGreaterThan(200);
    expect(document['cut']).toEqual({ changes: { shown, total: 10_000 } });
    expect(document['rows']).toHaveLength(1);
  });

  test('holds at any size of anything', () => {
    const huge = '\u0001é\u{1F600}"'.repeat(1_000_000);
    const changes = Array.from({ length: 10_000 }, () =>
      change({ subject: huge, author: huge, scope: huge, type: huge })
    );
    const rows = Array.from({ length: 1000 }, () => ({
      environment: huge,
      live: { kind: 'nothing' } as const,
      waiting: 1,
      blocked: reason('internal', { problem: huge })
    }));
    const notes = Array.from({ length: 1000 }, () => ({ kind: 'script-note', text: huge }) as const);
    const approvedBy = Array.from({ length: 1000 }, () => huge);
    const why = reason('rolled-back', { version: huge, environment: huge, to: huge, problem: huge });
    const large = {
      ...outcome,
      reason: why,
      version: huge,
      tag: huge,
      digest: huge,
      environmentUrl: huge,
      releaseUrl: huge,
      commit: huge,
      previous: huge,
      environment: huge,
      changes,
      rows,
      notes,
      approvedBy
    };
    const text = resultOf(large, 'en');
    expect(bytes(text)).toBeLessThanOrEqual(256_000);
    expect(Object.keys(Object(parsed(text)['cut']))).toEqual(
      expect.arrayContaining(['changes', 'rows', 'notes', 'approvedBy'])
    );
  });

  test('is JSON whatever the texts hold', () => {
    fc.assert(
      fc.property(anyText, fc.integer(), (text, deployment) => {
        const document = parsed(resultOf({ ...outcome, version: text, deployment }, 'en'));
        expect(document['version']).toBe(text.toWellFormed());
        expect(document['deployment']).toBe(deployment);
      }),
      { numRuns: 50 }
    );
  });
});

describe('outputs', () => {
  test('every output has its value', () => {
    const outputs = outputsOf(outcome, 'en');
    expect(Object.keys(outputs).toSorted()).toEqual([...OUTPUTS].toSorted());
    expect(outputs).toMatchObject({
      version: '1.8.0',
      'previous-version': '1.7.2',
      changed: 'true',
      'deployment-id': '77',
      decision: 'done',
      'reason-code': 'delivered',
      result: resultOf(outcome, 'en')
    });
  });

  test('what a run does not know stays unset', () => {
    const refused: Outcome = {
      command: 'plan',
      verdict: 'refused',
      reason: reason('history-unknown', { problem: 'x' })
    };
    expect(Object.keys(outputsOf(refused, 'pt-BR')).toSorted()).toEqual(['decision', 'reason-code', 'result']);
  });
});
