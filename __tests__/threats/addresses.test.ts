import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { problemOfUrl, reachOf } from '../../src/adapters/probe-address.ts';
import { addressProblem } from '../../src/config/addresses.ts';
import { readDelivery } from '../../src/config/read.ts';
import { parse } from '../../src/parse.ts';
import { ownLink, siteLink } from '../../src/report/links.ts';
import { reasonFor } from '../refusals.ts';
import { stepEnvironment } from '../step-environment.ts';
import { FORBIDDEN, UNASKED } from './address-table.ts';
import { shown } from './shown.ts';

const PLACE = { serverUrl: 'https://github.com', repository: 'acme/shop' };

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

/** Where the check would end: refused before it is resolved, or as far as its address reaches. */
const fateOf = (url: string): string => problemOfUrl(url) ?? reachOf(hostOf(url));

describe('addresses of health checks', () => {
  test.each(shown('url', FORBIDDEN))('row $row: $shown is never asked', ({ url }) => {
    expect(fateOf(url)).toBe('forbidden');
  });

  test.each(
    shown('url', [
      { row: 70, url: 'http://0x7f.1/' },
      { row: 70, url: 'http://127.1/' },
      { row: 70, url: 'http://2130706433/' },
      { row: 70, url: 'http://[::1]/' },
      { row: 70, url: 'http://[0:0:0:0:0:ffff:127.0.0.1]/' },
      { row: 70, url: 'http://10.0.0.1/' },
      { row: 70, url: 'http://192.168.0.1/' },
      { row: 70, url: 'http://172.16.0.1/' },
      { row: 70, url: 'http://[fc00::1]/' }
    ])
  )('row $row: $shown is asked only with verify.http.private', ({ url }) => {
    expect(fateOf(url)).toBe('private');
  });

  test.each(shown('url', [...UNASKED, { row: 71, url: `https://h.example/${'a'.repeat(65_536)}`, says: 'longer' }]))(
    'row $row: $shown is refused before anybody is asked',
    ({ url, says }) => {
      expect(problemOfUrl(url)).toContain(says);
    }
  );

  test.each(
    shown('url', [
      { row: 71, url: 'https://аpple.example/' },
      { row: 71, url: 'https://h.example\u3002evil.example/' },
      { row: 71, url: 'https://h.example/ x' },
      { row: 71, url: 'https://u:p@h.example' },
      { row: 71, url: 'ftp://h.example' },
      { row: 71, url: '//h.example' },
      { row: 71, url: 'https://{host}.example' }
    ])
  )('row $row: delivery.yml cannot name $shown', ({ url }) => {
    const text = JSON.stringify({ verify: { http: { url } } });
    expect(reasonFor(() => readDelivery(text, 'delivery.yml'))).toMatchObject({ code: 'config-invalid' });
    expect(addressProblem(url)).toBeDefined();
  });

  test('law: an address reaches as far however it is spelled', () => {
    const forms: readonly ((parts: readonly number[]) => string)[] = [
      (parts) => String(parts.reduce((sum, part) => sum * 256 + part, 0)),
      (parts) => `0x${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`,
      (parts) => parts.map((part) => `0${part.toString(8)}`).join('.'),
      (parts) => parts.map((part) => `0x${part.toString(16)}`).join('.'),
      ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${b * 65_536 + c * 256 + d}`,
      (parts) => `[::ffff:${parts.join('.')}]`,
      (parts) => `${parts.join('.')}.`
    ];
    const near = fc.constantFrom([169, 254], [127, 0], [10, 0], [100, 100], [8, 8], [192, 168], [0, 0], [224, 0]);
    const byte = fc.nat({ max: 255 });
    fc.assert(
      fc.property(near, byte, byte, fc.constantFrom(...forms), ([a = 0, b = 0], c, d, form) => {
        expect(fateOf(`http://${form([a, b, c, d])}/`)).toBe(fateOf(`http://${[a, b, c, d].join('.')}/`));
      })
    );
  });

  test('law: what delivery.yml accepts is http, with a host, without a user, and printable', () => {
    const part = fc.constantFrom(
      'https://',
      'http://',
      'u:p@',
      'h',
      '.example',
      ':80',
      '/',
      '?',
      '#',
      '{version}',
      '{x}',
      ' ',
      'ü',
      '\\'
    );
    fc.assert(
      fc.property(fc.constantFrom('https://', 'http://', ''), fc.array(part, { maxLength: 6 }), (scheme, parts) => {
        const text = scheme + parts.join('');
        fc.pre(addressProblem(text) === undefined);
        const url = new URL(text.replaceAll('{version}', '1.2.3'));
        expect([/^https?:$/.test(url.protocol), url.username + url.password]).toEqual([true, '']);
        expect(text).toMatch(/^[!-~]+$/);
      })
    );
  });
});

describe('addresses that people are shown', () => {
  test.each(
    shown('url', [
      { row: 51, url: 'javascript:alert(1)' },
      { row: 51, url: 'https://u:p@h.example/' },
      { row: 51, url: 'https://github.com/o/r/issues/1' },
      { row: 51, url: 'data:text/html,x' },
      { row: 51, url: `https://h.example/${'x'.repeat(3000)}` }
    ])
  )('row $row: $shown is no link', ({ url }) => {
    expect(siteLink(PLACE, url)).toBeUndefined();
    expect(ownLink(PLACE, url)).toBeUndefined();
  });

  test('law: a link cannot be left by anything in its address', () => {
    const part = fc.constantFrom(
      'https://h.example/',
      'a',
      ')',
      ']',
      '(',
      '|',
      '<',
      '>',
      '`',
      '"',
      ' ',
      '\n',
      '&',
      '#1'
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const link = siteLink(PLACE, parts.join(''));
        expect(link ?? 'https://none').toMatch(/^https?:\/\/[^\s()[\]|<>`\\]+$/);
      })
    );
  });
});

describe('the server itself', () => {
  const apiOf = (url: string): string =>
    parse(stepEnvironment({ command: 'plan' }, { GITHUB_API_URL: url })).surroundings.apiUrl;

  test.each(
    shown('url', [
      { row: 80, url: 'https://ghes.example/api/v3', used: 'https://ghes.example/api/v3' },
      { row: 80, url: 'https://ghes.example:8443/api/v3/', used: 'https://ghes.example:8443/api/v3' },
      { row: 80, url: 'https://api.octo.ghe.com', used: 'https://api.octo.ghe.com' },
      { row: 80, url: 'http://127.0.0.1:4400/api', used: 'http://127.0.0.1:4400/api' }
    ])
  )('row $row: $shown is honoured', ({ url, used }) => {
    expect(apiOf(url)).toBe(used);
  });

  test.each(
    shown('url', [
      { row: 80, url: 'http://ghes.example/api/v3' },
      { row: 80, url: 'http://127.0.0.1.evil.example/' },
      { row: 80, url: 'http://localhost@evil.example/' },
      { row: 80, url: 'https://u:p@ghes.example/api' },
      { row: 80, url: 'https://ghes.example/api?x=1' },
      { row: 80, url: 'file:///api' }
    ])
  )('row $row: the token goes to no $shown', ({ url }) => {
    expect(reasonFor(() => apiOf(url))).toMatchObject({ code: 'invalid-input', details: { input: 'GITHUB_API_URL' } });
  });
});
