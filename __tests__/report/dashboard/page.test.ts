import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SAMPLES } from '../../../scripts/page-samples/samples.ts';
import { LANGUAGES } from '../../../src/contract.ts';
import type { Language } from '../../../src/contract.ts';
import type { DeliveryReport } from '../../../src/domain/report.ts';
import { renderPage } from '../../../src/report/dashboard/page.ts';
import { STYLE_HASH } from '../../../src/report/dashboard/style.ts';
import { sampleReport } from '../../fakes/delivery-report.ts';
import { anyText, HOSTILE } from './hostile.ts';
import { elementsOf, readStrictly, textOf } from './strict-html.ts';
import type { Element } from './strict-html.ts';

const elements = (report: DeliveryReport, language: Language = 'en'): Element[] =>
  elementsOf(readStrictly(renderPage(report, language)));

const named = (all: readonly Element[], ...names: readonly string[]): Element[] =>
  all.filter(({ name }) => names.includes(name));

const valuesOf = (all: readonly Element[], attribute: string): string[] =>
  all.flatMap(({ attributes }) => attributes[attribute] ?? []);

/** Large histories have no parts that these do not have. */
const NAMES = Object.keys(SAMPLES).filter((name) => !/-\d{4}$/.test(name));
const PAGES = NAMES.flatMap((name) => LANGUAGES.map((language) => [name, language] as const));
const sample = (name: string): DeliveryReport => SAMPLES[name]?.() ?? sampleReport({ deliveries: 0 });

describe.each(PAGES)('the page of %s in %s', (name, language) => {
  const page = readStrictly(renderPage(sample(name), language));
  const all = elementsOf(page);

  test('has one title, one main part, and headings without a gap', () => {
    expect(all[0]?.attributes['lang']).toBe(language);
    for (const once of ['title', 'h1', 'main', 'header', 'footer', 'nav']) expect(named(all, once)).toHaveLength(1);
    const levels = named(all, 'h1', 'h2', 'h3', 'h4').map((heading) => Number(heading.name[1]));
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  test('every link leads somewhere, and every name is given once', () => {
    const ids = valuesOf(all, 'id');
    expect(ids).toEqual([...new Set(ids)]);
    const inside = valuesOf(all, 'href').filter((href) => href.startsWith('#'));
    expect(inside.filter((href) => !ids.includes(href.slice(1)))).toEqual([]);
    expect(named(all, 'a').filter((link) => textOf(link).trim() === '')).toEqual([]);
    for (const label of valuesOf(all, 'aria-labelledby')) expect(ids).toContain(label);
  });

  test('tables, pictures and moments say what they are', () => {
    for (const table of named(all, 'table')) expect(named(elementsOf(table), 'caption')).toHaveLength(1);
    for (const head of named(all, 'th')) expect(head.attributes['scope']).toMatch(/^(row|col)$/);
    for (const { attributes } of named(all, 'svg'))
      expect(attributes['aria-hidden'] === 'true' || (attributes['aria-label'] ?? '') !== '').toBe(true);
    for (const { attributes } of named(all, 'time')) {
      expect(attributes['datetime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(attributes['title']).toMatch(
        language === 'en' ? /^\d\d \w{3,4} \d{4}, \d\d:\d\d UTC$/ : /^\d\d\/\d\d\/\d{4} \d\d:\d\d UTC$/
      );
    }
  });

  test('needs no script, no other file, and no style of its own in an element', () => {
    expect(named(all, 'script', 'iframe', 'img', 'object', 'form', 'base')).toEqual([]);
    expect(
      all.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => /^(style|src|srcset|on.*)$/.test(key))
    ).toEqual([]);
    const policy = all.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(policy?.attributes['content']).toBe(
      `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`
    );
    expect(named(all, 'link').map(({ attributes }) => attributes['href']?.slice(0, 5))).toEqual(['data:']);
  });

  test('nothing of the machinery shows', () => {
    expect(textOf(page)).not.toMatch(/undefined|\[object|NaN|null|Infinity/);
  });
});

test('the policy allows the style as it is written', () => {
  const [style] = named(elements(sampleReport({ deliveries: 1 })), 'style');
  const digest = createHash('sha256')
    .update(style === undefined ? '' : textOf(style))
    .digest('base64');
  expect(STYLE_HASH).toBe(`sha256-${digest}`);
});

describe('untrusted text', () => {
  /** What the page reads as a code or as a moment of its own; everything else is replaced. */
  const OURS = new Set(['kind', 'state', 'outcome', 'rule', 'unit', 'gate', 'visibility', 'causes', 'rework', 'zone']);
  const JOINED = new Set(['name', 'environment', 'commit', 'commits', 'component']);

  /** Replaces every string of a report, lists and objects inside included. */
  const poisoned = (value: unknown, key: string, text: (key: string) => string): unknown => {
    if (typeof value === 'string') return OURS.has(key) ? value : text(key);
    if (Array.isArray(value)) return value.map((each) => poisoned(each, key, text));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, OURS.has(name) ? each : poisoned(each, name, text)])
    );
  };
  const base = sampleReport({ deliveries: 2, components: ['', 'api'], stopped: true });
  const isReport = (value: unknown): value is DeliveryReport =>
    typeof value === 'object' && value !== null && 'schema' in value;
  const poison = (text: (key: string) => string): DeliveryReport => {
    const report = poisoned(base, '', text);
    if (!isReport(report)) throw new Error('no report any more');
    return report;
  };

  const ELEMENTS = new Set(elements(base).map(({ name }) => name));
  const ATTRIBUTES = new Set(
    [...elements(base), ...elements(sample('awkward'))].flatMap(({ attributes }) => Object.keys(attributes))
  );

  /** Everything on the page that is not of our making. */
  const foreignIn = (report: DeliveryReport): string[] => {
    const all = elements(report);
    const unlike = (values: readonly string[], form: RegExp): string[] => values.filter((value) => !form.test(value));
    return [
      ...all.map(({ name }) => name).filter((name) => !ELEMENTS.has(name)),
      ...all.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => !ATTRIBUTES.has(key)),
      ...unlike(valuesOf(named(all, 'a'), 'href'), /^(#[a-z0-9]+$|delivery\.json$|https?:\/\/)/),
      ...unlike(valuesOf(all, 'id'), /^(d\d+|[a-z]+(-title)?)$/),
      ...unlike(valuesOf(all, 'class'), /^[a-z ]+$/)
    ];
  };
  const poisonedTwice = (text: () => string): DeliveryReport[] => [
    poison(text),
    poison((key) => (JOINED.has(key) ? 'production' : text()))
  ];

  test.each(HOSTILE.map((text, index) => [index, text] as const))(
    'hostile text %i stays text everywhere',
    (_, text) => {
      expect(poisonedTwice(() => text).flatMap(foreignIn)).toEqual([]);
    }
  );

  test('no text whatever makes an element, an attribute or an address of another scheme', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 1, maxLength: 20 }), (texts) => {
        let turn = 0;
        const next = (): string => texts[(turn += 1) % texts.length] ?? '';
        expect(poisonedTwice(next).flatMap(foreignIn)).toEqual([]);
      }),
      { numRuns: 20 }
    );
  });

  test('the check itself sees what breaks out', () => {
    expect(() => readStrictly('<!doctype html>\n<p><img src=x></p>')).toThrow('not ours');
    expect(() => readStrictly('<!doctype html>\n<p title="a" onclick="b"></b></p>')).toThrow('closes');
    expect(() => readStrictly('<!doctype html>\n<p>a & b</p>')).toThrow('ampersand');
  });

  test('only pages of the repository itself are linked, the site of an environment aside', () => {
    const foreign = poison((key) => (JOINED.has(key) ? 'production' : 'https://evil.example/x'));
    const report = { ...foreign, repository: base.repository };
    const all = elements(report);
    const tiles = all.filter(({ attributes }) => attributes['class'] === 'tiles').flatMap(elementsOf);
    const outside = valuesOf(
      named(
        all.filter((element) => !tiles.includes(element)),
        'a'
      ),
      'href'
    );
    expect(new Set(outside.filter((href) => href.startsWith('http')))).toEqual(
      new Set([base.repository.url, base.repository.deployUrl])
    );
    expect(new Set(valuesOf(tiles, 'href'))).toEqual(new Set(['https://evil.example/x']));
  });
});
