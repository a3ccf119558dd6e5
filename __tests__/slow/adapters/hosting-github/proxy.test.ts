import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';

const SOURCE = fileURLToPath(new URL('../../../../src/adapters/hosting-github/proxy.ts', import.meta.url));

/** Settles the proxy as the adapter does, then asks a host that exists only behind it. */
const PROGRAM = `
import http from 'node:http';
import { useProxy } from ${JSON.stringify(SOURCE)};
if (process.env.OLD_NODE === '1') http.setGlobalProxyFromEnv = undefined;
const warnings = [];
useProxy({ ...process.env }, (text) => warnings.push(text));
const answer = await fetch('http://api.github.test/user').then((response) => response.text(), () => 'no answer');
console.log(JSON.stringify({ answer, warnings: warnings.length }));
`;

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const proxy = async (): Promise<string> => {
  const server = createServer((_, response) => response.end('by the proxy'));
  // Node's proxy support opens a tunnel; what comes through it is plain HTTP here.
  server.on('connect', (_, socket) => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 12\r\nconnection: close\r\n\r\nby the proxy')
    );
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

const run = async (env: Record<string, string>): Promise<unknown> => {
  const { PATH = '' } = process.env;
  const given = ['--input-type=module', '--eval', PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, given, { env: { PATH, ...env } });
  return JSON.parse(stdout);
};

test('requests go through the proxy of the environment', async () => {
  const address = await proxy();
  expect(await run({ http_proxy: address, https_proxy: address })).toEqual({ answer: 'by the proxy', warnings: 0 });
});

test('a Node that cannot do it says so', async () => {
  const address = await proxy();
  expect(await run({ HTTP_PROXY: address, OLD_NODE: '1' })).toEqual({ answer: 'no answer', warnings: 1 });
});

test('without a proxy nothing is said', async () => {
  expect(await run({ OLD_NODE: '1' })).toEqual({ answer: 'no answer', warnings: 0 });
});

test('a Node told to use it by itself is left alone', async () => {
  const address = await proxy();
  const env = { http_proxy: address, NODE_USE_ENV_PROXY: '1', OLD_NODE: '1' };
  expect(await run(env)).toEqual({ answer: 'by the proxy', warnings: 0 });
});
