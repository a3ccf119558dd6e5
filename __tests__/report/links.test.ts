import { describe, expect, test } from '@jest/globals';
import { assetLink, commitLink, compareLink, ownLink, siteLink } from '../../src/report/links.ts';
import { COMMIT, CONTEXT } from './examples.ts';

describe('addresses of this repository', () => {
  test.each(['issues/9', 'pull/4', 'actions/runs/42/attempts/2', 'releases/tag/v1.8.0', `commit/${COMMIT}`])(
    '%s is ours',
    (page) => {
      const url = `https://github.com/acme/shop/${page}`;
      expect(ownLink(CONTEXT, url)).toBe(url);
    }
  );

  test.each([
    'https://github.com/acme/shop',
    'https://github.com/acme/shop/issues/9)[x](http://evil.example',
    'https://github.com/acme/shop/issues/9 @team',
    'https://github.com/acme/shop-evil/issues/9',
    'https://evil00.com/acme/shop/issues/9',
    'https://github.com.evil.example/acme/shop/issues/9',
    'https://github.com/acme/shop/issues/9?x=1',
    'javascript:alert(1)',
    ''
  ])('%j is not', (url) => {
    expect(ownLink(CONTEXT, url)).toBeUndefined();
  });

  test('names of tags and files cannot leave their place', () => {
    expect(compareLink(CONTEXT, 'a)b', 'c d')).toBe('https://github.com/acme/shop/compare/a%29b...c%20d');
    expect(assetLink(CONTEXT, 'api/v1.0.0', '(x)')).toBe(
      'https://github.com/acme/shop/releases/download/api/v1.0.0/%28x%29'
    );
    expect(commitLink(CONTEXT, 'main')).toBeUndefined();
  });
});

describe('the address of an environment', () => {
  test('is a link when it is a plain web address', () => {
    expect(siteLink(CONTEXT, 'https://shop.example/a(b)?x=1&copy;=2|3')).toBe(
      'https://shop.example/a%28b%29?x=1&amp;copy;=2%7C3'
    );
  });

  test.each([
    'javascript:alert(1)',
    'ftp://x',
    'https://user:pass@shop.example',
    'https://github.com/o/r/issues/1',
    'shop.example',
    `https://x/${'a'.repeat(3000)}`
  ])('%.40j is text', (url) => {
    expect(siteLink(CONTEXT, url)).toBeUndefined();
  });
});
