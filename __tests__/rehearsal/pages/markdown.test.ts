import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markdown } from '../../../rehearsal/pages/markdown.ts';
import { inert } from '../../../src/report/markdown.ts';

const drawn = (text: string): string => markdown(text).markup.trim();

describe('the Markdown of our reports', () => {
  test.each([
    ['## ✅ Proposed: 1.0.0', '<h3>✅ Proposed: 1.0.0</h3>'],
    ['**bold** and `code`', '<p><strong>bold</strong> and <code>code</code></p>'],
    ['[**1.0.0**](http://a/b)', '<p><a href="http://a/b"><strong>1.0.0</strong></a></p>'],
    ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['[x](data:text/html)', '<p>x</p>'],
    ['[x](http://a/"onclick=b)', '<p><a href="http://a/&quot;onclick=b">x</a></p>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['a\nb', '<p>a<br>b</p>'],
    ['```\n**a** <b>\n```\nend', '<pre>**a** &lt;b&gt;</pre>\n<p>end</p>'],
    ['@&#8203;ana &amp; <span>$</span>5 & <b>', '<p>@&#8203;ana &amp; $5 &amp; &lt;b&gt;</p>'],
    [
      '<details><summary>2 changes</summary>\n\n- a\n\n</details>',
      '<details><summary>2 changes</summary>\n\n<ul><li>a</li></ul>\n\n</details>'
    ],
    ['</details>\n<details><summary>a</summary>', '<details><summary>a</summary>\n</details>']
  ])('%j', (text, markup) => {
    expect(drawn(text)).toBe(markup);
  });

  test('two columns are facts, more have a head', () => {
    expect(drawn('| a | b |\n| --- | --- |\n| c | **d** |')).toBe(
      '<table><tr><th scope="row">a</th><td>b</td></tr><tr><th scope="row">c</th><td><strong>d</strong></td></tr></table>'
    );
    expect(drawn('| a | b | c |\n| --- | --- | --- |\n| d | e | f |')).toBe(
      '<div class="wide"><table><tr><th scope="col">a</th><th scope="col">b</th><th scope="col">c</th></tr><tr><th scope="row">d</th><td>e</td><td>f</td></tr></table></div>'
    );
  });

  test('whatever the text: no tag, no address and no attribute but our own', () => {
    const bits = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '**',
      '[',
      '](',
      ')',
      '| ',
      ' |',
      '\n',
      '<script>',
      'javascript:',
      'http://',
      'x',
      '- ',
      '```',
      '</details>',
      '<details><summary>',
      '</summary>'
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...bits), fc.string()), { maxLength: 30 }), (parts) => {
        const markup = drawn(parts.join(''));
        const rest = markup.replaceAll(
          /<\/?(p|br|h3|ul|li|pre|code|strong|table|tr|td|a|div|details|summary)>|<th scope="(row|col)">|<\/th>|<div class="wide">|<a href="https?:\/\/[^"<>\s]*">/g,
          ''
        );
        expect(rest).not.toMatch(/[<>]/);
        expect(markup.match(/<details>/g)?.length).toBe(markup.match(/<\/details>/g)?.length);
      }),
      { numRuns: 500 }
    );
  });

  test('what our reports made inert is read as it was written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const quiet = inert(text);
        const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
        const read = (markup: string): string =>
          markup
            .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
            .replaceAll(/&(lt|gt|quot|amp);/g, (entity) => entities[entity] ?? entity);
        const shown = drawn(`- ${quiet}`).replace('<ul><li>', '').replace('</li></ul>', '');
        expect(read(shown)).toBe(read(quiet.replaceAll('<span>$</span>', '$')));
      })
    );
  });
});
