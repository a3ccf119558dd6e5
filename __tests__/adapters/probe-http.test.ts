import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createProbe } from '../../src/adapters/probe-http.ts';
import type { ProbeOptions } from '../../src/adapters/probe-http.ts';
import type { ProbeResult } from '../../src/ports.ts';
import { portIn } from '../fakes/port.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

const portOf = async (server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
  close(): unknown;
}): Promise<number> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => server.close());
  return portIn(server.address());
};

const serve = async (listener: RequestListener): Promise<number> => {
  const server: Server = createServer(listener);
  closing.push(() => server.closeAllConnections());
  return portOf(server);
};

interface Question {
  readonly contains?: string;
  readonly seconds?: number;
  /** Default true: these servers are on this machine. */
  readonly inside?: boolean;
  readonly options?: Partial<ProbeOptions>;
}

const ask = (
  url: string,
  { contains, seconds = 2, inside = true, options = {} }: Question = {}
): Promise<ProbeResult> =>
  createProbe({ signal: new AbortController().signal, ...options }).get(
    { url, private: inside, ...(contains === undefined ? {} : { contains }) },
    seconds
  );

const problem = (text: string | RegExp): unknown => ({
  kind: 'no-answer',
  problem: typeof text === 'string' ? text : expect.stringMatching(text)
});

describe('probe: answers', () => {
  test('status and text', async () => {
    const port = await serve((request, response) => {
      response.statusCode = request.url === '/broken' ? 503 : 200;
      response.end('version 1.2.3 ok');
    });
    const base = `http://127.0.0.1:${port}`;
    expect(await ask(`${base}/health`)).toEqual({ kind: 'answer', status: 200, contains: true });
    expect(await ask(base, { contains: '1.2.3' })).toEqual({ kind: 'answer', status: 200, contains: true });
    expect(await ask(base, { contains: '1.2.4' })).toEqual({ kind: 'answer', status: 200, contains: false });
    expect(await ask(`${base}/broken`, { contains: 'ok' })).toEqual({ kind: 'answer', status: 503, contains: true });
    expect((await ask(`http://localhost:${port}/`)).kind).toBe('answer');
  });

  test('a name is asked for once, and only the address that was checked is connected to', async () => {
    const hosts: string[] = [];
    const port = await serve((request, response) => {
      hosts.push(request.headers.host ?? '');
      response.end('ok');
    });
    let asked = 0;
    const resolve = async (): Promise<{ address: string; family: number }[]> => {
      asked += 1; // a rebinding name: harmless first, metadata afterwards
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    expect(await ask(`http://shop.example:${port}/`, { options: { resolve } })).toMatchObject({ kind: 'answer' });
    expect([asked, hosts]).toEqual([1, [`shop.example:${port}`]]);
    expect(await ask(`http://shop.example:${port}/`, { options: { resolve } })).toEqual(
      problem('blocked address 169.254.169.254')
    );
  });

  test('only 64 KB of a body are read, compressed ones not at all', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/gzip')
        response.setHeader('content-encoding', 'gzip').end(gzipSync('needle'.repeat(1_000_000)));
      else if (request.url === '/late') response.end(`${'x'.repeat(70_000)}needle`);
      else {
        const flood = (): void => {
          while (!response.destroyed && response.write('needle'.repeat(5000)));
          if (!response.destroyed) response.once('drain', flood);
        };
        flood();
      }
    });
    const base = `http://127.0.0.1:${port}`;
    expect(await ask(`${base}/endless`, { contains: 'needle' })).toMatchObject({ contains: true });
    expect(await ask(`${base}/endless`, { contains: 'nothing' })).toMatchObject({ contains: false });
    expect(await ask(`${base}/late`, { contains: 'needle' })).toMatchObject({ contains: false });
    expect(await ask(`${base}/gzip`, { contains: 'needle' })).toMatchObject({ contains: false });
  });
});

describe('probe: redirects', () => {
  test('three are followed, the fourth is not', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end('there');
    });
    expect(await ask(`http://127.0.0.1:${port}/3`, { contains: 'there' })).toEqual({
      kind: 'answer',
      status: 200,
      contains: true
    });
    expect(await ask(`http://127.0.0.1:${port}/4`)).toEqual(problem('more than 3 redirects'));
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data/', 'blocked address 169.254.169.254'],
    ['http://[::ffff:a9fe:a9fe]/', 'blocked address ::ffff:a9fe:a9fe'],
    ['file:///etc/passwd', 'protocol file: is not http or https'],
    ['http://u:p@127.0.0.1/', 'credentials in the address'],
    ['http://127.0.0.1:25/', 'port 25 is blocked'],
    ['http://[', 'redirect to no address']
  ])('to %s is refused', async (location, words) => {
    const port = await serve((_request, response) => response.writeHead(307, { location }).end());
    expect(await ask(`http://127.0.0.1:${port}/`)).toEqual(problem(words));
  });
});

describe('probe: no answer is an answer', () => {
  test('nobody listens, no such name, nonsense', async () => {
    const port = await portOf(createSocketServer());
    closing.splice(0).forEach((close) => close());
    expect(await ask(`http://127.0.0.1:${port}/`)).toEqual(problem('ECONNREFUSED'));
    const resolve = async (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(await ask('http://none.example/', { options: { resolve } })).toEqual(problem('ENOTFOUND'));
    expect(await ask('http://none.example/', { options: { resolve: async () => Promise.resolve([]) } })).toEqual(
      problem('no address')
    );
    expect(await ask('no url')).toEqual(problem('not an address'));
  });

  test('private addresses are asked only where the check says so; one of them condemns a name', async () => {
    const closed = { inside: false };
    const words = 'asked only with verify.http.private: true';
    for (const [url, address] of [
      ['http://127.0.0.1:1234/', '127.0.0.1'],
      ['http://[::ffff:10.1.2.3]/', '::ffff:a01:203'],
      ['http://0x7f.1/', '127.0.0.1']
    ] as const) {
      expect(await ask(url, closed)).toEqual(problem(`private address ${address}, ${words}`));
    }
    const resolve = async (): Promise<{ address: string; family: number }[]> =>
      Promise.resolve(['93.184.216.34', '10.0.0.1', '8.8.8.8'].map((address) => ({ address, family: 4 })));
    const options = { resolve };
    expect(await ask('http://mixed.example/', { ...closed, options })).toEqual(
      problem(`private address 10.0.0.1, ${words}`)
    );
    const silent = createProbe({ signal: new AbortController().signal });
    expect(await silent.get({ url: 'http://127.0.0.1:1234/' }, 1)).toEqual(
      problem(`private address 127.0.0.1, ${words}`)
    );
  });

  test('silence, slow headers, slow bodies and slow resolvers end at the deadline', async () => {
    const silent = await portOf(createSocketServer((socket) => closing.push(() => socket.destroy())));
    const dripping = await portOf(
      createSocketServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('x-a: b\r\n'), 20);
        socket.on('error', () => clearInterval(timer)).on('close', () => clearInterval(timer));
      })
    );
    const slow = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const hanging = { resolve: async (): Promise<never> => new Promise(() => {}) };
    const start = performance.now();
    const answers = await Promise.all([
      ask(`http://127.0.0.1:${silent}/`, { seconds: 0.2 }),
      ask(`http://127.0.0.1:${dripping}/`, { seconds: 0.2 }),
      ask(`http://127.0.0.1:${slow}/`, { seconds: 0.2, contains: 'y' }),
      ask('http://hanging.example/', { seconds: 0.2, options: hanging })
    ]);
    expect(answers).toEqual(answers.map(() => problem('timeout 0.2 s')));
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test('a cancel ends it at once', async () => {
    const silent = await portOf(createSocketServer((socket) => closing.push(() => socket.destroy())));
    const cancel = new AbortController();
    setTimeout(() => cancel.abort('SIGINT'), 50);
    const answer = await ask(`http://127.0.0.1:${silent}/`, { seconds: 30, options: { signal: cancel.signal } });
    expect(answer).toEqual(problem('cancelled'));
  });

  test('half an answer, no HTTP, an upgrade', async () => {
    const raw = (text: string): Promise<number> =>
      portOf(createSocketServer((socket) => socket.on('error', () => {}).end(text)));
    const asked = async (text: string, contains?: string): Promise<ProbeResult> =>
      ask(`http://127.0.0.1:${await raw(text)}/`, contains === undefined ? {} : { contains });
    expect(await asked('SSH-2.0-x\r\n')).toEqual(problem(/^HPE_/));
    expect(await asked('')).toEqual(problem('ECONNRESET'));
    expect(await asked('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab', 'x')).toEqual(problem('ECONNRESET'));
    expect(await asked(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`)).toEqual(problem('HPE_HEADER_OVERFLOW'));
    expect(await asked('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')).toEqual(
      problem('protocol upgrade')
    );
  });

  test('a certificate nobody signed, also when the environment would let it pass', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tls-'));
    const [key, cert] = [join(directory, 'key'), join(directory, 'cert')];
    const make = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=localhost'
    ];
    execFileSync('openssl', [...make, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      response.end('ok')
    );
    const port = await portOf(server);
    rmSync(directory, { recursive: true });
    expect(await ask(`https://localhost:${port}/`)).toEqual(problem('DEPTH_ZERO_SELF_SIGNED_CERT'));
    server.closeAllConnections();
  });
});
