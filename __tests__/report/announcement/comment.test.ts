import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES } from '../../../src/contract.ts';
import type { CommentText } from '../../../src/domain/announcement.ts';
import { commentText } from '../../../src/report/announcement/comment.ts';
import { v } from '../../fakes/builders.ts';
import { CONTEXT, anyText } from '../examples.ts';
import { aliveIn } from '../strict-markdown.ts';

const readers = { ...CONTEXT, language: 'en' } as const;

const text: CommentText = {
  version: v('1.4.2'),
  releaseUrl: 'https://github.com/acme/shop/releases/tag/v1.4.2',
  rows: [
    {
      environment: 'staging',
      url: 'https://staging.shop.example/?a=1&b=2',
      presence: { kind: 'there', by: v('1.4.2'), since: '2026-11-23T14:02:00Z' }
    },
    { environment: 'production', presence: { kind: 'taken-back', by: v('1.4.1'), since: '2026-11-24T02:30:00Z' } },
    { environment: 'old', presence: { kind: 'there', by: v('1.5.0') } }
  ]
};

test('it says which release holds the change, and where it runs', () => {
  expect(commentText(text, readers))
    .toBe(`Version [**1.4.2**](https://github.com/acme/shop/releases/tag/v1.4.2) contains this change. Where it is now:

- ✅ [**staging**](https://staging.shop.example/?a=1&amp;b=2): in use since 23 Nov 2026, 14:02 UTC, with version 1.4.2
- ↩️ **production**: taken back on 24 Nov 2026, 02:30 UTC; version 1.4.1 runs there, without this change
- ✅ **old**: in use, at least since version 1.5.0
`);
});

test('in Portuguese, in the time of its readers', () => {
  const said = commentText(text, { ...readers, language: 'pt-BR', zone: 'America/Sao_Paulo' });
  expect(said).toContain('contém esta mudança. Onde ela está agora:');
  expect(said).toContain(
    'retirada em 23/11/2026 23:30 America/Sao_Paulo (24/11/2026 02:30 UTC); lá está a versão 1.4.1, sem esta mudança'
  );
});

test('a page of somebody else is no link', () => {
  const said = commentText({ ...text, releaseUrl: 'https://evil.example/acme/shop/releases/tag/v1' }, readers);
  expect(said).not.toContain('evil');
});

describe('whatever environments are called', () => {
  const hostile = fc.constantFrom(
    '@org/team',
    'fixes #12',
    'acme/shop#3',
    'https://evil.example',
    '[x](javascript:alert(1))',
    '<img src=x onerror=alert(1)>',
    '--> <script>',
    '![](http://tracker)',
    'www.evil.example',
    '| a | b |',
    '\n\n# heading',
    'deadbeefdeadbeef'
  );
  const name = fc.oneof(
    hostile,
    anyText,
    fc.tuple(anyText, hostile).map(([a, b]) => a + b)
  );

  test('nobody is mentioned, nothing is closed, linked or laid out, and the text fits', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 60 }), fc.constantFrom(...LANGUAGES), (names, language) => {
        const rows = names.map((environment) => ({
          environment,
          presence: { kind: 'there', by: v('1.0.0'), since: '2026-11-23T14:02:00Z' } as const
        }));
        const said = commentText({ ...text, rows }, { ...readers, language });
        expect(said.length).toBeLessThan(65_536);
        const lines = said.trimEnd().split('\n').slice(2);
        expect(lines.filter((line) => !line.startsWith('- ') && line !== '')).toEqual([]);
        const pieces = lines.flatMap((line) => /^- ✅ \*\*(.*)\*\*: .* 23/u.exec(line)?.slice(1) ?? []);
        expect(pieces).toHaveLength(Math.min(names.length, 30));
        expect(pieces.flatMap(aliveIn)).toEqual([]);
        expect(lines.filter((line) => line !== '')).toHaveLength(Math.min(names.length, 31));
      })
    );
  });
});
