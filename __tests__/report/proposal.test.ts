import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES } from '../../src/contract.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { reason } from '../../src/domain/refusal.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { COMMIT, CONTEXT, anyText, change } from './examples.ts';
import { aliveInDocument, tablesHold } from './strict-markdown.ts';

const RUN = 'https://github.com/acme/shop/actions/runs/42';

const card = (over: Partial<Proposal> = {}): Proposal => ({
  offer: 'button',
  kind: 'deploy',
  batch: { changes: 3, releases: 2, complete: true, oldest: '2026-11-21T08:00:00Z' },
  proofs: [{ environment: 'staging', succeededAt: '2026-11-23T12:02:00Z', runUrl: `${RUN}/attempts/1` }],
  approvers: ['bruno', 'platform'],
  preventSelfReview: true,
  runUrl: RUN,
  ...over
});

const proposed = (proposal: Proposal, over: Partial<Outcome> = {}): Outcome => ({
  command: 'propose',
  verdict: 'done',
  reason: reason('proposed', { version: '1.8.0', environment: 'production' }),
  version: '1.8.0',
  tag: 'v1.8.0',
  commit: COMMIT,
  previous: '1.7.2',
  changed: true,
  releaseUrl: 'https://github.com/acme/shop/releases/tag/v1.8.0',
  environment: 'production',
  changes: [change(), change({ breaking: true, subject: 'orders need a customer', pull: 415 })],
  proposal,
  ...over
});

describe('the card of a proposal', () => {
  test('says what the button ships, what is live, what proved it, who may press it and where', () => {
    const text = summaryOf(proposed(card()), 'en', CONTEXT);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '## ✅ Proposed: 1.8.0 → production',
        '| Environment | production |',
        '| Version | [**1.8.0**](https://github.com/acme/shop/releases/tag/v1.8.0) |',
        '| Live now | 1.7.2 |',
        '| Changes | 3 changes in 2 releases; the oldest waited 2 days 6 h |',
        `| Proven in | [staging](${RUN}/attempts/1) (23 Nov 2026, 12:02 UTC, 2 h ago) |`,
        '| Who may approve | bruno and platform; one of them is enough; not whoever started this run |',
        `| The button | [Review deployments](${RUN}) |`
      ])
    );
    expect(text).toContain('orders need a customer');
    expect(text).toContain('/pull/415');
  });

  test('says so when whoever asked may approve, when it goes back and when more waits than counted', () => {
    const batch = { changes: 1, releases: 1, complete: false };
    const one = card({ preventSelfReview: false, approvers: ['bruno'], kind: 'rollback', batch });
    const text = summaryOf(proposed(one, { previous: '1.9.0' }), 'en', CONTEXT);
    expect(text).toContain('| Who may approve | bruno; whoever started this run may approve it, too |');
    expect(text).toContain('; goes back to an older version |');
    expect(text).toContain('| Changes | at least 1 change |');
  });

  test('without a button names none', () => {
    const { previous: _, ...first } = proposed(card({ offer: 'by-hand', approvers: [], proofs: [] }));
    const text = summaryOf(first, 'pt-BR', CONTEXT);
    expect(text).toContain('| No ar agora | nada ainda |');
    expect(text).not.toMatch(/Quem pode aprovar|O botão|Comprovada/);
  });

  test('a change of this minute has not waited', () => {
    const batch = { changes: 1, releases: 1, complete: true, oldest: CONTEXT.now.toISOString() };
    expect(summaryOf(proposed(card({ batch })), 'en', CONTEXT)).toContain('| Changes | 1 change |');
  });

  test.each(LANGUAGES)('is inert whatever stands in it, in %s', (language) => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('@ana', '#12', '<b>', '`x', '|', '[a](b)'), (text, live) => {
        const evil = `${live} ${text}`;
        const proposal = card({
          approvers: [evil, evil],
          proofs: [{ environment: evil, succeededAt: evil, runUrl: evil }],
          runUrl: evil
        });
        const markdown = summaryOf(proposed(proposal, { environment: evil, previous: evil }), language, CONTEXT);
        expect(aliveInDocument(markdown, ['https://github.com/acme/shop/'])).toEqual([]);
        expect(tablesHold(markdown)).toBe(true);
      })
    );
  });
});
