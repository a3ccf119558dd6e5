import axe from 'axe-core';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { SAMPLES } from '../../scripts/page-samples/samples.ts';
import { LANGUAGES } from '../../src/contract.ts';
import type { Language } from '../../src/contract.ts';
import { renderPage } from '../../src/report/dashboard/page.ts';
import { sampleReport } from '../fakes/delivery-report.ts';
import { HOSTILE } from '../report/dashboard/hostile.ts';
import { executable, startReader, unfold } from './browser.ts';
import type { Opened, Reader } from './browser.ts';

// A busy machine takes its time to draw; nothing here depends on how long.
jest.setTimeout(120_000);

const SCHEMES = ['light', 'dark'] as const;
const NAMES = Object.keys(SAMPLES);
const markupOf = (name: string, language: Language = 'en'): string =>
  renderPage(SAMPLES[name]?.() ?? sampleReport({ deliveries: 0 }), language);

if (executable === undefined)
  process.stdout.write('no Chromium on this machine: the page is not tested in a browser\n');

(executable === undefined ? describe.skip : describe)('in a real browser', () => {
  let reader: Reader;
  const opened: Opened[] = [];
  const open: Reader['open'] = async (markup, options) => {
    const one = await reader.open(markup, options);
    opened.push(one);
    return one;
  };
  beforeAll(async () => {
    reader = await startReader();
  });
  afterAll(async () => {
    await reader.close();
  });
  afterEach(async () => {
    for (const { page } of opened.splice(0)) await page.context().close();
  });

  describe('everybody can use it', () => {
    // The awkward one has all there is; the others only what it lacks.
    const CASES = [
      ...LANGUAGES.flatMap((language) => SCHEMES.map((scheme) => ['awkward', language, scheme] as const)),
      ['components', 'en', 'dark'] as const,
      ['components', 'pt-BR', 'light'] as const,
      ['deliveries-0', 'pt-BR', 'dark'] as const,
      ['untitled', 'en', 'light'] as const
    ];

    const violationsOf = async (page: Page): Promise<string[]> => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    };

    test.each(CASES)('%s in %s, %s: axe finds nothing', async (name, language, colorScheme) => {
      const { page } = await open(markupOf(name, language), { colorScheme });
      await unfold(page);
      expect(await violationsOf(page)).toEqual([]);
    });

    test('axe itself works here', async () => {
      const { page } = await open(
        '<!doctype html><html><title>x</title><p style="color:#ccc">pale</p><img src="data:,"></html>'
      );
      expect((await violationsOf(page)).map((each) => each.split(':')[0])).toEqual(
        expect.arrayContaining(['html-has-lang', 'image-alt', 'color-contrast'])
      );
    });

    test('on a phone, too', async () => {
      const { page } = await open(markupOf('awkward', 'pt-BR'), { viewport: { width: 360, height: 740 } });
      await unfold(page);
      expect(await violationsOf(page)).toEqual([]);
    });
  });

  describe('it asks for nothing', () => {
    test.each(NAMES)('%s: one file, no complaint, and the style is applied', async (name) => {
      const { page, requests, complaints } = await open(markupOf(name));
      expect(requests.filter((url) => !/^(file:.*\.html$|data:image\/svg)/.test(url))).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('1248px');
    });

    test('the policy keeps out what would come in', async () => {
      const broken = markupOf('deliveries-1').replace(
        '<main',
        '<img src="https://evil.example/x.png"><script>document.title = "run"</script><main'
      );
      const { page, complaints } = await open(broken);
      expect(await page.title()).toBe('Delivery of acme/shop');
      expect(complaints.join('\n')).toMatch(/Content Security Policy/);
    });

    test('hostile text is only text', async () => {
      const markup = renderPage(
        sampleReport({ deliveries: 20, subjects: HOSTILE, people: HOSTILE, stopped: true }),
        'en'
      );
      const { page, complaints } = await open(markup);
      await unfold(page);
      expect(complaints).toEqual([]);
      expect(
        await page.evaluate(
          'document.querySelectorAll("script, img, iframe, base, [onclick], [onerror], [style]").length'
        )
      ).toBe(0);
      expect(await page.evaluate('document.querySelector("main").innerText')).toContain('<script>alert(1)</script>');
    });
  });

  describe('it fits', () => {
    /** What reaches over the right edge without a box of its own to scroll in. */
    const OVER = `[...document.querySelectorAll('body *')].filter((each) => {
      const { right, width } = each.getBoundingClientRect();
      return width > 1 && right > document.documentElement.clientWidth + 1 && each.closest('.scroll, .skip, svg') === null;
    }).map((each) => each.outerHTML.slice(0, 120))`;
    /** Text cut off by its own box. */
    const CUT = `[...document.querySelectorAll('body *')].filter((each) => {
      const { overflowX, overflowY, clipPath } = getComputedStyle(each);
      const clips = overflowX === 'hidden' || overflowY === 'hidden' || overflowX === 'clip';
      return clips && clipPath === 'none' && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
    }).map((each) => each.outerHTML.slice(0, 120))`;

    const CASES = [
      ...['deliveries-5000', 'awkward', 'components'].flatMap((name) =>
        [320, 360, 768, 1024, 1280, 1920].map((width) => [name, width] as const)
      ),
      ['deliveries-0', 360] as const,
      ['deliveries-1', 360] as const
    ];

    test.each(CASES)('%s at %i px needs no scrolling to the side', async (name, width) => {
      const { page } = await open(markupOf(name, 'pt-BR'), { viewport: { width, height: 800 } });
      await unfold(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate(OVER)).toEqual([]);
      expect(await page.evaluate(CUT)).toEqual([]);
    });

    test.each(['deliveries-50', 'awkward', 'components'])('%s on paper loses nothing at the edge', async (name) => {
      // A4 with margins of 12 mm, in pixels of CSS.
      const { page } = await open(markupOf(name, 'pt-BR'), { viewport: { width: 703, height: 1031 } });
      await page.emulateMedia({ media: 'print' });
      await unfold(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(703);
      expect(await page.evaluate(OVER)).toEqual([]);
      expect(await page.evaluate(CUT)).toEqual([]);
      expect(
        await page.evaluate(
          '[...document.querySelectorAll(".scroll")].filter((each) => each.scrollWidth > each.clientWidth + 1).length'
        )
      ).toBe(0);
      const paper = await page.pdf({
        format: 'A4',
        margin: { top: '12mm', right: '12mm', bottom: '12mm', left: '12mm' }
      });
      expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    });

    test('a chart of a phone can still be read', async () => {
      const { page } = await open(markupOf('deliveries-50'), { viewport: { width: 360, height: 740 } });
      const size = await page.evaluate<number>(
        '(() => { const text = document.querySelector(".chart text"); return text.getBoundingClientRect().height; })()'
      );
      expect(size).toBeGreaterThan(10);
    });
  });

  describe('without a mouse', () => {
    const FOCUSED = `(() => {
      const here = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(here);
      const { left, right, width } = here.getBoundingClientRect();
      return {
        at: [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].indexOf(here),
        seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && width > 0 && left >= 0 && right <= innerWidth
      };
    })()`;

    test('the first stop leads past the head of the page', async () => {
      const { page } = await open(markupOf('deliveries-50'));
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      expect(await page.evaluate<{ seen: boolean }>(FOCUSED)).toMatchObject({ seen: true });
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
    });

    test.each([360, 1280])('every link and every fold is reached in order and shows it, at %i px', async (width) => {
      const { page } = await open(markupOf('deliveries-1', 'pt-BR'), { viewport: { width, height: 800 } });
      await unfold(page);
      const stops = await page.evaluate<number>(`document.querySelectorAll('a[href], summary, [tabindex="0"]').length`);
      const met: { at: number; seen: boolean }[] = [];
      for (let stop = 0; stop < stops; stop += 1) {
        await page.keyboard.press('Tab');
        met.push(await page.evaluate<{ at: number; seen: boolean }>(FOCUSED));
      }
      expect(stops).toBeGreaterThan(40);
      expect(met).toEqual(met.map((_, at) => ({ at, seen: true })));
    });

    test('a delivery behind a number opens its folded month', async () => {
      const { page } = await open(markupOf('deliveries-50'));
      await unfold(page);
      const target = await page.evaluate<string>(
        `[...document.querySelectorAll('.list a')].map((each) => each.getAttribute('href')).find((href) => document.querySelector(href).closest('details'))`
      );
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = false; })');
      await page.goto(`${page.url()}${target}`);
      expect(await page.isVisible(target)).toBe(true);
    });
  });

  test('the dark scheme is dark, the light one light', async () => {
    const shadeOf = async (colorScheme: (typeof SCHEMES)[number]): Promise<number> => {
      const { page } = await open(markupOf('deliveries-1'), { colorScheme });
      return page.evaluate<number>('parseInt(getComputedStyle(document.body).backgroundColor.slice(4))');
    };
    expect(await shadeOf('light')).toBeGreaterThan(230);
    expect(await shadeOf('dark')).toBeLessThan(40);
  });
});
