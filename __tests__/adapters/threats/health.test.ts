import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reachOf } from '../../../src/adapters/probe-address.ts';
import { createProbe } from '../../../src/adapters/probe-http.ts';
import type { Address } from '../../../src/adapters/guarded-request.ts';
import type { ProbeResult } from '../../../src/ports.ts';
import { portIn } from '../../fakes/port.ts';
import { FORBIDDEN, UNASKED } from '../../threats/address-table.ts';
import { shown } from '../../threats/shown.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

const serve = async (listener: RequestListener): Promise<number> => {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return portIn(server.address());
};

interface Question {
  readonly inside?: boolean;
  readonly contains?: string;
  readonly seconds?: number;
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
}

const ask = (url: string, { inside = true, contains, seconds = 2, resolve }: Question = {}): Promise<ProbeResult> =>
  createProbe({ signal: new AbortController().signal, ...(resolve === undefined ? {} : { resolve }) }).get(
    { url, private: inside, ...(contains === undefined ? {} : { contains }) },
    seconds
  );

const v4 = (...addresses: readonly string[]): Promise<readonly Address[]> =>
  Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

describe('names that lead inside', () => {
  test.each(
    shown('addresses', [
      { row: 70, addresses: ['169.254.169.254'] },
      { row: 70, addresses: ['93.184.216.34', '169.254.169.254'] },
      { row: 70, addresses: ['::ffff:169.254.169.254'] },
      { row: 70, addresses: ['10.0.0.1', 'fe80::1%eth0'] },
      { row: 70, addresses: ['not an address'] }
    ])
  )('row $row: a name of $shown is refused, also with verify.http.private', async ({ addresses }) => {
    for (const inside of [true, false]) {
      const answer = await ask('http://shop.example/', { inside, resolve: () => v4(...addresses) });
      expect(answer).toEqual({ kind: 'no-answer', problem: expect.stringMatching(/^blocked address /) });
    }
  });

  test('row 70: a name that changes its mind is asked once, and what was checked is what is connected to', async () => {
    const cases = [{ row: 70, answers: ['127.0.0.1', '169.254.169.254'] }];
    for (const { answers } of cases) {
      const port = await serve((_request, response) => response.end('ok'));
      let asked = 0;
      const resolve = (): Promise<readonly Address[]> => v4(answers[asked++] ?? '');
      expect(await ask(`http://rebinding.example:${port}/`, { resolve })).toMatchObject({ kind: 'answer' });
      expect(asked).toBe(1);
    }
  });

  // what no header can carry, and what is no address, leads nowhere anyway
  const leads = ({ url }: { readonly url: string }): boolean => /^[!-~]+$/.test(url) && URL.canParse(url);
  const blocked = FORBIDDEN.map((each) => ({ ...each, says: 'blocked address' }));

  test.each(shown('url', [...blocked, ...UNASKED].filter(leads)))(
    'row $row: a redirect to $shown is not followed',
    async ({ url: location, says }) => {
      const port = await serve((_request, response) => response.writeHead(302, { location }).end());
      expect(await ask(`http://127.0.0.1:${port}/`)).toEqual({
        kind: 'no-answer',
        problem: expect.stringContaining(says)
      });
    }
  );

  test('law: a name is asked only where every address of it may be, whatever their order', async () => {
    const address = fc.constantFrom('127.0.0.1', '10.9.8.7', '169.254.1.1', '8.8.8.8', 'fd00::1', '224.0.0.1', '::1');
    await fc.assert(
      fc.asyncProperty(fc.array(address, { minLength: 1, maxLength: 4 }), fc.boolean(), async (addresses, inside) => {
        const allowed = inside ? ['public', 'private'] : ['public'];
        fc.pre(!addresses.every((each) => allowed.includes(reachOf(each))));
        const answer = await ask('http://shop.example/', { inside, resolve: () => v4(...addresses) });
        expect(answer).toEqual({ kind: 'no-answer', problem: expect.stringMatching(/^(blocked|private) address /) });
      })
    );
  });
});

/** 12 MB in 12 KB. */
const BOMB = gzipSync('needle'.repeat(2_000_000));

describe('answers that mean harm', () => {
  test.each<{ row: number; kind: string; listener: RequestListener; answer: object; seconds?: number }>([
    {
      row: 72,
      kind: 'an endless body',
      listener: (_request, response) => {
        const flood = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          if (!response.destroyed) response.once('drain', flood);
        };
        flood();
      },
      answer: { kind: 'answer', status: 200, contains: false }
    },
    {
      row: 72,
      kind: 'a compressed bomb',
      listener: (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
      answer: { kind: 'answer', status: 200, contains: false }
    },
    {
      row: 72,
      kind: 'an error under status 200',
      listener: (_request, response) => void response.end('{"status":"error"}'),
      answer: { kind: 'answer', status: 200, contains: false }
    },
    {
      row: 72,
      kind: 'headers by the drop',
      listener: (_request, response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => response.socket?.write('x-a: b\r\n'), 20);
        response.on('close', () => clearInterval(timer));
      },
      answer: { kind: 'no-answer', problem: 'timeout 0.3 s' },
      seconds: 0.3
    },
    {
      row: 72,
      kind: 'headers without end',
      listener: (_request, response) => {
        response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}`);
      },
      answer: { kind: 'no-answer', problem: 'HPE_HEADER_OVERFLOW' }
    }
  ])('row $row: $kind ends, and proves nothing', async ({ listener, answer, seconds = 10 }) => {
    const port = await serve(listener);
    expect(await ask(`http://127.0.0.1:${port}/`, { contains: 'needle', seconds })).toEqual(answer);
  });
});
