import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createWebhooks } from '../../src/adapters/webhook-http.ts';
import type { WebhookOptions } from '../../src/adapters/webhook-http.ts';
import type { Posted } from '../../src/domain/announcement.ts';
import { certificate } from '../fakes/certificate.ts';
import { portIn } from '../fakes/port.ts';

const OURS = certificate();
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

interface Received {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

const receiver = async (
  answer: (response: ServerResponse) => void,
  seen: Received[] = []
): Promise<{ readonly url: string; readonly seen: Received[] }> => {
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await buffer(request)).toString('utf8');
    seen.push({ method: request.method, type: request.headers['content-type'], body });
    answer(response);
  };
  const server = createServer(OURS, (request, response) => void listener(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://localhost:${portIn(server.address())}/services/secret`, seen };
};

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(code, headers).end('no');
  };

const post = (url: string, options: Partial<WebhookOptions> = {}): Promise<Posted> =>
  createWebhooks({
    signal: new AbortController().signal,
    environment: { HOOK: url },
    ca: OURS.cert,
    ...options
  }).post({ variable: 'HOOK', body: '{"text":"olá"}' });

describe('a message', () => {
  test('is posted once, as JSON', async () => {
    const { url, seen } = await receiver(status(200));
    expect(await post(` ${url}\n`)).toEqual({ kind: 'sent' });
    expect(seen).toEqual([{ method: 'POST', type: 'application/json; charset=utf-8', body: '{"text":"olá"}' }]);
  });

  test.each([
    [400, true],
    [404, true],
    [429, true],
    [500, false],
    [503, false]
  ])('answered by %i failed; surely not taken: %p', async (code, unsent) => {
    const { url, seen } = await receiver(status(code));
    expect(await post(url)).toEqual({ kind: 'failed', problem: `status ${code}`, unsent });
    expect(seen).toHaveLength(1);
  });

  test('follows no redirect: the address is a secret of its own', async () => {
    const other = await receiver(status(200));
    const { url } = await receiver(status(307, { location: other.url }));
    expect(await post(url)).toEqual({ kind: 'failed', problem: 'status 307', unsent: true });
    expect(other.seen).toEqual([]);
  });

  test('whose answer is lost may have been taken', async () => {
    const { url } = await receiver((response) => response.destroy());
    expect(await post(url)).toMatchObject({ kind: 'failed', unsent: false });
  });

  test('given up when the run is cancelled', async () => {
    const cancel = new AbortController();
    const { url } = await receiver(() => cancel.abort());
    expect(await post(url, { signal: cancel.signal })).toEqual({ kind: 'failed', problem: 'cancelled', unsent: false });
    expect(await post(url, { signal: cancel.signal })).toEqual({ kind: 'failed', problem: 'cancelled', unsent: true });
  });
});

describe('what is never asked', () => {
  test.each([
    ['http://hooks.example/x', 'the address must start with https'],
    ['https://169.254.169.254/latest', 'blocked address 169.254.169.254'],
    ['https://[::ffff:a9fe:a9fe]/', 'blocked address ::ffff:a9fe:a9fe'],
    ['https://user:secret@hooks.example/', 'credentials in the address'],
    ['https://hooks.example:25/', 'port 25 is blocked'],
    ['file:///etc/passwd', 'protocol file: is not http or https'],
    ['secret', 'not an address'],
    [`https://hooks.example/${'x'.repeat(3000)}`, 'address longer than 2048 characters']
  ])('%#', async (url, problem) => {
    expect(await post(url)).toEqual({ kind: 'failed', problem, unsent: true });
  });

  test('a name that leads to a metadata service, also beside a good address', async () => {
    const leadsTo = (...addresses: readonly string[]) => ({
      resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 })))
    });
    const blocked = { kind: 'failed', problem: 'blocked address 169.254.169.254', unsent: true };
    expect(await post('https://hooks.example/', leadsTo('169.254.169.254'))).toEqual(blocked);
    expect(await post('https://hooks.example/', leadsTo('127.0.0.1', '169.254.169.254'))).toEqual(blocked);
  });

  test('whoever cannot prove who he is, gets nothing', async () => {
    const { url, seen } = await receiver(status(200));
    const { ca: _, ...stranger } = { signal: new AbortController().signal, environment: { HOOK: url }, ca: '' };
    const posted = await createWebhooks(stranger).post({ variable: 'HOOK', body: '{}' });
    expect(posted).toEqual({ kind: 'failed', problem: 'DEPTH_ZERO_SELF_SIGNED_CERT', unsent: true });
    expect(seen).toEqual([]);
  });

  test('nobody there, or somebody who speaks no TLS', async () => {
    const server = createSocketServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('hello\n')
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const port = portIn(server.address());
    const loud = await post(`https://127.0.0.1:${port}/`);
    await new Promise((done) => server.close(done));
    expect(loud).toMatchObject({ kind: 'failed', unsent: true });
    expect(await post(`https://127.0.0.1:${port}/`)).toEqual({ kind: 'failed', problem: 'ECONNREFUSED', unsent: true });
  });
});

test('a variable that is missing or blank is not known', () => {
  const environment = { SET: 'https://hooks.example/', BLANK: ' ' };
  const webhooks = createWebhooks({ signal: new AbortController().signal, environment });
  expect(['SET', 'BLANK', 'MISSING'].map((each) => webhooks.knows(each))).toEqual([true, false, false]);
});

test('no failure tells the address', async () => {
  const secret = 'https://hooks.invalid/services/T000/B000/verysecret';
  expect(JSON.stringify(await post(secret))).not.toMatch(/verysecret|hooks/);
});
