import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import * as v from 'valibot';
import { LANGUAGES } from '../../../src/contract.ts';
import type { News } from '../../../src/domain/announcement.ts';
import { messageFor } from '../../../src/report/announcement/message.ts';
import { LONGEST_SECTION } from '../../../src/report/announcement/slack.ts';
import { fittingLines } from '../../../src/report/announcement/story.ts';
import { LARGEST_CARD } from '../../../src/report/announcement/teams.ts';
import { v as version } from '../../fakes/builders.ts';
import { CONTEXT, anyText, change, record } from '../examples.ts';

const readers = { ...CONTEXT, language: 'en' } as const;

const news: News = {
  environment: 'production',
  environmentUrl: 'https://shop.example/?a=1&b=2',
  record: record({ payload: { ...record().payload, version: version('1.7.2') } }),
  event: 'delivered',
  from: version('1.7.1'),
  releaseUrl: 'https://github.com/acme/shop/releases/tag/v1.7.2',
  changes: [change(), change({ commit: 'c'.repeat(40), subject: 'drop v1', breaking: true, scope: 'api' })]
};

const Text = v.object({ type: v.picklist(['plain_text', 'mrkdwn']), text: v.pipe(v.string(), v.minLength(1)) });
const Slack = v.object({
  text: v.pipe(v.string(), v.minLength(1)),
  blocks: v.array(v.object({ type: v.literal('section'), text: Text }))
});
const Run = v.object({ type: v.literal('TextRun'), text: v.string() });
const Teams = v.object({
  type: v.literal('message'),
  attachments: v.tuple([
    v.object({
      contentType: v.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: v.null(),
      content: v.object({
        type: v.literal('AdaptiveCard'),
        version: v.literal('1.4'),
        body: v.array(v.object({ type: v.literal('RichTextBlock'), inlines: v.tuple([Run]) })),
        actions: v.array(
          v.object({ type: v.literal('Action.OpenUrl'), title: v.string(), url: v.pipe(v.string(), v.url()) })
        )
      })
    })
  ])
});

const slack = (given: News, language: (typeof LANGUAGES)[number] = 'en') =>
  v.parse(Slack, JSON.parse(messageFor('slack', given, { ...readers, language })));
const teams = (given: News, language: (typeof LANGUAGES)[number] = 'en') =>
  v.parse(Teams, JSON.parse(messageFor('teams', given, { ...readers, language }))).attachments[0].content;

const { $schema, ...published } = v.parse(
  v.looseObject({ $schema: v.string() }),
  JSON.parse(readFileSync('schemas/announcement.schema.json', 'utf8'))
);
const fits = new Ajv({ strict: true }).compile({ $schema, ...published });

describe('a delivery', () => {
  test('for Slack', () => {
    expect(slack(news)).toEqual({
      text: 'acme/shop: version 1.7.2 is live in production',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: 'acme/shop: version 1.7.2 is live in production\n2 changes since 1.7.1\nasked for by ana; approved by bia'
          }
        },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: '• breaking: api: drop v1 (Ana Souza)\n• free shipping from 100 BRL (#412) (Ana Souza)'
          }
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '<https://shop.example/?a=1&amp;b=2|Environment>  ·  <https://github.com/acme/shop/releases/tag/v1.7.2|Release>  ·  <https://github.com/acme/shop/actions/runs/4|Run>'
          }
        }
      ]
    });
  });

  test('for Teams', () => {
    const card = teams(news);
    expect(card.body.map(({ inlines }) => inlines[0].text)).toEqual([
      'acme/shop: version 1.7.2 is live in production',
      '2 changes since 1.7.1',
      'asked for by ana; approved by bia',
      '• breaking: api: drop v1 (Ana Souza)',
      '• free shipping from 100 BRL (#412) (Ana Souza)'
    ]);
    expect(card.actions.map(({ url }) => url)).toEqual([
      'https://shop.example/?a=1&b=2',
      'https://github.com/acme/shop/releases/tag/v1.7.2',
      'https://github.com/acme/shop/actions/runs/4'
    ]);
  });

  test('for any other receiver, by the published schema', () => {
    const message: unknown = JSON.parse(messageFor('webhook', news, readers));
    expect(fits(message)).toBe(true);
    expect(message).toMatchObject({ schema: 1, event: 'delivered', version: '1.7.2', from: '1.7.1', deployment: 77 });
    expect(fits({ ...Object(message), extra: 1 })).toBe(false);
  });
});

test('a rollback says what it took back', () => {
  const back: News = { ...news, event: 'rolled-back', from: version('1.8.0') };
  const [head] = slack(back).blocks;
  expect(head?.text.text).toBe(
    'acme/shop: version 1.7.2 runs in production again\nInstead of 1.8.0, without its 2 changes\nasked for by ana; approved by bia'
  );
  expect(slack(back, 'pt-BR').text).toBe('acme/shop: a versão 1.7.2 voltou ao ar em production');
});

test('a first delivery without changes, approvals or pages', () => {
  const { from: _, environmentUrl: __, releaseUrl: ___, ...rest } = news;
  const payload = { ...news.record.payload, approvedBy: [], run: { id: 1, attempt: 1, url: 'https://evil.example/' } };
  const bare: News = { ...rest, changes: [], record: { ...news.record, payload } };
  expect(slack(bare).blocks).toHaveLength(1);
  expect(teams(bare).actions).toEqual([]);
  expect(fits(JSON.parse(messageFor('webhook', bare, readers)))).toBe(true);
});

describe('whatever people wrote', () => {
  const hostile = fc.constantFrom(
    '<!channel> & <https://evil|click>',
    '[x](https://evil)',
    '@everyone',
    '*bold* _x_',
    '{{x}}'
  );
  const word = fc.oneof(hostile, anyText, fc.string({ maxLength: 400, unit: 'binary' }));
  const changes = fc.array(
    fc.record({ subject: word, author: word, scope: word, breaking: fc.boolean() }).map((over) => change(over)),
    { maxLength: 150 }
  );
  const given = fc
    .record({ environment: word, changes, event: fc.constantFrom('delivered', 'rolled-back') })
    .map(({ environment, changes: all, event }): News => ({
      ...news,
      environment,
      changes: all,
      event: event === 'delivered' ? 'delivered' : 'rolled-back'
    }));

  test('Slack takes the message and interprets none of it', () => {
    fc.assert(
      fc.property(given, fc.constantFrom(...LANGUAGES), (each, language) => {
        const { text, blocks } = slack(each, language);
        expect(text).not.toMatch(/[<>]/);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) expect(block.text.text.length).toBeLessThanOrEqual(LONGEST_SECTION);
        const marked = blocks.filter((block) => block.text.type === 'mrkdwn').map((block) => block.text.text);
        expect(marked.join('')).not.toMatch(/<!|evil|@/);
        expect(messageFor('slack', each, { ...readers, language }).isWellFormed()).toBe(true);
      })
    );
  });

  test('Teams takes the message, in either way of counting bytes, and interprets none of it', () => {
    fc.assert(
      fc.property(given, fc.constantFrom(...LANGUAGES), (each, language) => {
        const message = messageFor('teams', each, { ...readers, language });
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(LARGEST_CARD);
        expect(message.length * 2).toBeLessThanOrEqual(LARGEST_CARD);
        expect(teams(each, language).body.length).toBeGreaterThanOrEqual(3);
      })
    );
  });

  test('any other receiver gets what the schema says, and knows what is missing', () => {
    fc.assert(
      fc.property(given, (each) => {
        const message: unknown = JSON.parse(messageFor('webhook', each, readers));
        const total = each.changes.length;
        expect(fits(message)).toBe(true);
        expect(Reflect.get(Object(message), 'cut')).toEqual(total > 100 ? { shown: 100, total } : undefined);
      })
    );
  });
});

test('what does not fit is counted, on a boundary between lines', () => {
  const more = (count: number): string => `${count} more`;
  const lines = ['aaaa', 'bbbb', 'cccc'];
  expect(fittingLines(lines, { total: 3, room: 100, more })).toEqual(lines);
  expect(fittingLines(lines, { total: 9, room: 100, more })).toEqual([...lines, '6 more']);
  expect(fittingLines(lines, { total: 3, room: 17, more })).toEqual(['aaaa', 'bbbb', '1 more']);
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 20 }), fc.integer({ min: 20, max: 200 }), (given, room) => {
      const kept = fittingLines(given, { total: given.length, room, more });
      expect(kept.join('\n').length).toBeLessThanOrEqual(room);
      const whole = kept.length === given.length && kept.at(-1) === given.at(-1);
      expect(whole ? kept : kept.at(-1)).toEqual(whole ? given : more(given.length - kept.length + 1));
    })
  );
});
