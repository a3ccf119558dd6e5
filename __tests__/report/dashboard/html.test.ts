import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { address, anchor, filled, html, named } from '../../../src/report/dashboard/html.ts';
import { anyText } from './hostile.ts';

const shown = (part: Parameters<typeof html>[1]): string => html`<p>${part}</p>`.toString();

describe('text in a template', () => {
  test('is escaped, in content and in attributes', () => {
    expect(shown(`<img src=x onerror='a"b'> &lt;`)).toBe(
      '<p>&lt;img src=x onerror=&#39;a&quot;b&#39;&gt; &amp;lt;</p>'
    );
    expect(html`<p title="${'" onclick="x'}"></p>`.toString()).toBe('<p title="&quot; onclick=&quot;x"></p>');
  });

  test('becomes one visible line, without marks that turn its direction', () => {
    expect(shown('a\u202Eb\u2066\nc\u0000\uE000')).toBe('<p>ab c</p>');
    expect(shown('x'.repeat(1000)).length).toBeLessThan(420);
  });

  test('no text whatever makes an element, ends an attribute or starts an entity', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(shown(text).slice(3, -4)).toMatch(/^([^<>"'&]|&(amp|lt|gt|quot|#39);)*$/u);
      })
    );
  });

  test('markup made here stays markup, and lists are joined', () => {
    expect(shown([html`<b>${'<'}</b>`, 1, undefined, 'a'])).toBe('<p><b>&lt;</b>1a</p>');
  });

  test('lines of the source are single spaces', () => {
    const piece = html`<ul>
      <li>a</li>
    </ul>`;
    expect(piece.toString()).toBe('<ul> <li>a</li> </ul>');
  });
});

describe('addresses', () => {
  test.each([
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    '//evil.example',
    'https://user:secret@evil.example/',
    'ftp://evil.example',
    'not an address',
    ''
  ])('%j is none', (url) => expect(address(url)).toBeUndefined());

  test('longer ones than browsers take are none', () => {
    expect(address(`https://x.example/${'a'.repeat(3000)}`)).toBeUndefined();
  });

  test('http and https are, with everything that could end the attribute written otherwise', () => {
    expect(address(`https://x.example/a?b="'<>&c=1`)?.toString()).toBe('https://x.example/a?b=%22%27%3C%3E&amp;c=1');
    expect(address(null)).toBeUndefined();
  });

  test('no text whatever gets another scheme', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.constantFrom('', 'https://x.example/', 'javascript:'), anyText()).map((parts) => parts.join('')),
        (url) => {
          expect(address(url)?.toString() ?? 'https://').toMatch(/^https?:\/\/[^"<>\s]*$/);
        }
      )
    );
  });

  test('what has none stands alone', () => {
    expect(anchor(undefined, 'a < b').toString()).toBe('a &lt; b');
    expect(anchor(address('https://x.example'), 'a').toString()).toBe('<a href="https://x.example/">a</a>');
  });
});

test('a name keeps its direction to itself', () => {
  expect(named('דנה').toString()).toBe('<bdi>דנה</bdi>');
});

test('markup takes the places of a sentence, in the order the language wants', () => {
  const sentence = (a: string, b: string): string => `${b} before ${a} & more`;
  expect(filled(sentence, html`<b>${'1'}</b>`, '<2>').toString()).toBe('&lt;2&gt; before <b>1</b> &amp; more');
});
