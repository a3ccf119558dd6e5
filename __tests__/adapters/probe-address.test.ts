import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mayLead, problemOfUrl, reachOf } from '../../src/adapters/probe-address.ts';

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

describe('how far an address reaches', () => {
  test.each([
    'http://169.254.169.254/',
    'http://169.254.170.2/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://0.0.0.0/',
    'http://0/',
    'http://[::]/',
    'http://224.0.0.1/',
    'http://255.255.255.255/'
  ])('%s is forbidden', (url) => {
    expect(reachOf(hostOf(url))).toBe('forbidden');
  });

  test.each([
    'http://0x7f.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://[fd12:3456::1]/',
    'http://[64:ff9b::a00:1]/'
  ])('%s is private', (url) => {
    expect(reachOf(hostOf(url))).toBe('private');
  });

  test.each([
    'http://8.8.8.8/',
    'http://172.32.0.1/',
    'http://169.253.0.1/',
    'http://[2606:4700::1111]/',
    'http://[::ffff:8.8.8.8]/'
  ])('%s is public', (url) => {
    expect(reachOf(hostOf(url))).toBe('public');
  });

  test('a zone, a name or nonsense reaches nothing', () => {
    expect(reachOf('fe80::1%eth0')).toBe('forbidden');
    for (const text of ['', 'localhost', '1.2.3', '::1::']) expect(reachOf(text)).toBe('forbidden');
  });

  test('an IPv4 address reaches as far in every IPv6 form that carries it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
        const groups = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
        for (const form of [`::ffff:${address}`, `64:ff9b::${address}`, `2002:${groups}::1`, `::ffff:0:${groups}`]) {
          expect([form, reachOf(form)]).toEqual([form, reachOf(address)]);
        }
      })
    );
  });

  test('every address has a reach', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(['public', 'private', 'forbidden']).toContain(reachOf(address));
      })
    );
  });
});

test('a redirect leads outward or stays, never from the public net inside', () => {
  const reaches = ['public', 'private', 'forbidden'] as const;
  const led = reaches.flatMap((from) => reaches.filter((to) => mayLead(from, to)).map((to) => `${from} ${to}`));
  expect(led).toEqual(['public public', 'private public', 'private private', 'forbidden public']);
});

describe('addresses never asked', () => {
  test.each([
    ['file:///etc/passwd', 'protocol'],
    ['gopher://h/', 'protocol'],
    ['https://u:p@h.example/', 'credentials'],
    ['https://u@h.example/', 'credentials'],
    ['http://h.example:22/', 'port 22'],
    ['http://h.example:6379x/', 'not an address'],
    ['health', 'not an address'],
    [`https://h.example/${'a'.repeat(65_536)}`, 'longer'],
    ['https://h.example:8443/health?x=1', 'fine'],
    ['http://xn--bcher-kva.example/', 'fine']
  ])('%s', (url, problem) => {
    expect(problemOfUrl(url) ?? 'fine').toContain(problem);
  });
});
