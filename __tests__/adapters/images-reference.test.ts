import { describe, expect, test } from '@jest/globals';
import { repositoryOf } from '../../src/adapters/images-reference.ts';

describe('image names', () => {
  test.each([
    ['ghcr.io/acme/shop', 'https://ghcr.io', 'acme/shop', 'ghcr.io'],
    ['acme/shop', 'https://registry-1.docker.io', 'acme/shop', 'https://index.docker.io/v1/'],
    ['postgres', 'https://registry-1.docker.io', 'library/postgres', 'https://index.docker.io/v1/'],
    ['docker.io/acme/shop', 'https://registry-1.docker.io', 'acme/shop', 'https://index.docker.io/v1/'],
    ['localhost:5000/shop', 'http://localhost:5000', 'shop', 'localhost:5000'],
    ['localhost/shop', 'http://localhost', 'shop', 'localhost'],
    ['127.0.0.1:5000/a/b', 'http://127.0.0.1:5000', 'a/b', '127.0.0.1:5000'],
    ['registry.example:5000/a__b/c-d.e', 'https://registry.example:5000', 'a__b/c-d.e', 'registry.example:5000']
  ])('%s is at %s', (name, origin, path, account) => {
    expect(repositoryOf(name)).toEqual({ name, origin, path, account });
  });

  test.each([
    '',
    '/',
    'ghcr.io/',
    'ghcr.io/Acme/shop',
    'ghcr.io/acme/shop:1',
    'ghcr.io/acme/../shop',
    'ghcr.io/acme/shop@sha256:0',
    'ghcr.io/acme/shop?x=1',
    'user:pass@ghcr.io/acme/shop',
    'http://ghcr.io/acme/shop',
    'ghcr.io:x/acme',
    'a b',
    'localhost.evil.example:5000:1/shop',
    `ghcr.io/${'a'.repeat(300)}`
  ])('%j is no image', (name) => {
    expect(repositoryOf(name)).toBeUndefined();
  });

  test('only loopback itself is spoken to without encryption', () => {
    for (const host of ['localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '127.evil.example']) {
      expect(repositoryOf(`${host}/shop`)?.origin).toBe(`https://${host}`);
    }
  });
});
