import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createScene, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { createFlood, json, raw, redirect, reset, startScript } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';

const bytes = 'x'.repeat(600_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let directory = '';
let open: ScriptedServer[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'transfers-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
  await rm(directory, { recursive: true });
});

const scene = async (...given: Parameters<typeof createScene>): Promise<Scene> => {
  const made = await createScene(...given);
  open.push(made.server);
  return made;
};

const asset = (changes: object = {}): object => ({
  id: 5,
  name: 'a.tar.zst',
  size: bytes.length,
  state: 'uploaded',
  digest: `sha256:${sha256}`,
  ...changes
});

const release =
  (at: () => string, host = ''): Step =>
  (...given) =>
    json(200, {
      id: 3,
      tag_name: 'v1.0.0',
      draft: true,
      html_url: 'https://github.test/r/3',
      upload_url: `${host === '' ? at() : host}/uploads/3/assets{?name,label}`
    })(...given);

const upload = async (): Promise<{ release: number; name: string; file: string; size: number }> => {
  const file = join(directory, 'a.tar.zst');
  await writeFile(file, bytes);
  return { release: 3, name: 'a.tar.zst', file, size: bytes.length };
};

const line = ({ method, path }: { method: string; path: string }): string => `${method} ${path.split('?')[0]}`;

describe('uploading', () => {
  test('streams the file with its length, not in chunks of unknown number', async () => {
    const { hosting, server } = await scene((at) => [release(at), json(201, asset())]);
    expect(await hosting.uploadAsset(await upload())).toEqual({ id: 5, name: 'a.tar.zst', size: bytes.length, sha256 });
    const sent = server.seen[1];
    expect(sent).toMatchObject({ method: 'POST', path: '/uploads/3/assets?name=a.tar.zst' });
    expect(sent?.headers['content-length']).toBe(String(bytes.length));
    expect(sent?.headers['transfer-encoding']).toBeUndefined();
    expect(sent?.body === bytes).toBe(true);
  });

  test('a taken name with the same bytes is adopted', async () => {
    const taken = json(422, { message: 'Validation Failed', errors: [{ code: 'already_exists' }] });
    const { hosting, server } = await scene((at) => [release(at), taken, json(200, [asset({ id: 8 })])]);
    expect(await hosting.uploadAsset(await upload())).toMatchObject({ id: 8 });
    expect(server.seen.map(line)).toEqual([
      'GET /repos/acme/shop/releases/3',
      'POST /uploads/3/assets',
      'GET /repos/acme/shop/releases/3/assets'
    ]);
  });

  test.each([
    ['other bytes', asset({ digest: `sha256:${'0'.repeat(64)}` })],
    ['another size', asset({ size: 1 })],
    ['no digest to prove it', asset({ digest: null })],
    ['an upload that never ended', asset({ state: 'starter' })]
  ])('a taken name with %s is replaced', async (_, other) => {
    const taken = json(422, { message: 'Validation Failed', errors: [{ code: 'already_exists' }] });
    const { hosting, server } = await scene((at) => [
      release(at),
      taken,
      json(200, [other]),
      (response) => response.writeHead(204).end(),
      json(201, asset({ id: 9 }))
    ]);
    expect(await hosting.uploadAsset(await upload())).toMatchObject({ id: 9 });
    expect(server.seen.map(line).slice(2)).toEqual([
      'GET /repos/acme/shop/releases/3/assets',
      'DELETE /repos/acme/shop/releases/assets/5',
      'POST /uploads/3/assets'
    ]);
  });

  test.each<[string, Step]>([
    ['reset', reset],
    ['answered with 502', json(502, {})],
    ['stored wrongly', json(201, asset({ digest: `sha256:${'0'.repeat(64)}` }))]
  ])('an upload that was %s is looked up and sent again whole', async (_, bad) => {
    const { hosting, server } = await scene((at) => [release(at), bad, json(200, []), json(201, asset())]);
    expect(await hosting.uploadAsset(await upload())).toMatchObject({ id: 5 });
    expect(server.seen).toHaveLength(4);
    expect(server.seen[3]?.body === bytes).toBe(true);
  });

  test('the token does not follow a foreign upload address', async () => {
    const { hosting, server } = await scene((at) => [release(at, 'http://localhost:1')]);
    expect(await refusalOf(hosting.uploadAsset(await upload()))).toMatchObject({ code: 'hosting-failed' });
    expect(server.seen).toHaveLength(1);
  });

  test('a file that is not the size announced is not sent', async () => {
    const { hosting, server } = await scene((at) => [release(at)]);
    expect(await refusalOf(hosting.uploadAsset({ ...(await upload()), size: 7 }))).toMatchObject({
      details: { problem: expect.stringContaining('not 7') }
    });
    expect(server.seen).toHaveLength(1);
  });
});

const whole: Step = raw(200, 'application/octet-stream', bytes);
const short: Step = (response) => {
  response.writeHead(200, { 'content-length': String(bytes.length) });
  response.write('xx');
  setTimeout(() => response.destroy(), 5);
};
const stalled: Step = (response) => {
  response.writeHead(200, { 'content-length': String(bytes.length) });
  response.write('xx');
};

const slow: Step = (response) => {
  response.writeHead(200, { 'content-length': '8' });
  let sent = 0;
  const timer = setInterval(() => {
    response.write('x');
    sent += 1;
    if (sent === 8) clearInterval(timer);
  }, 60);
};

const storage = async (...steps: Step[]): Promise<{ server: ScriptedServer; link: string }> => {
  const server = await startScript(...steps);
  open.push(server);
  return { server, link: `${server.url.replace('127.0.0.1', 'localhost')}/store/5?sig=1` };
};

describe('downloading', () => {
  test('follows to the storage without the token and leaves a whole file', async () => {
    const { server: store, link } = await storage(whole);
    const { hosting, server } = await scene(() => [redirect(link)]);
    const file = join(directory, 'got');
    expect(await hosting.download(5, file)).toEqual({ sha256, size: bytes.length });
    expect((await readFile(file, 'utf8')) === bytes).toBe(true);
    expect(await readdir(directory)).toEqual(['got']);
    expect(server.seen[0]).toMatchObject({ path: '/repos/acme/shop/releases/assets/5' });
    expect(server.seen[0]?.headers).toMatchObject({
      accept: 'application/octet-stream',
      authorization: 'token ghs_canary'
    });
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('takes the bytes of a server that does not redirect', async () => {
    const { hosting } = await scene(() => [whole]);
    expect(await hosting.download(5, join(directory, 'got'))).toEqual({ sha256, size: bytes.length });
  });

  test.each<[string, Step]>([
    ['cut short', short],
    ['stalled', stalled],
    ['reset', reset],
    ['refused by the storage', raw(403, 'application/xml', '<Error>expired</Error>')],
    ['answered with 503', json(503, {})]
  ])('a download that was %s starts again from GitHub', async (_, bad) => {
    const { server: store, link } = await storage(bad, whole);
    const { hosting, server } = await scene(() => [redirect(link)], { pace: { idle: 0.4 } });
    const file = join(directory, 'got');
    expect(await hosting.download(5, file)).toEqual({ sha256, size: bytes.length });
    expect(server.seen).toHaveLength(2);
    expect(store.seen).toHaveLength(2);
    expect(await readdir(directory)).toEqual(['got']);
  });

  test('one that is slow but never still is waited for', async () => {
    const { hosting, server } = await scene(() => [slow], { pace: { idle: 0.4 } });
    expect(await hosting.download(5, join(directory, 'got'))).toMatchObject({ size: 8 });
    expect(server.seen).toHaveLength(1);
  });

  test('one that moves, but would take for ever, is given up', async () => {
    const endless: Step = (response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    };
    const pace = { idle: 0.4, slowest: 2 ** 40, tries: 2 };
    const { hosting, server } = await scene(() => [endless], { pace });
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({
      code: 'hosting-failed',
      details: { problem: 'too few bytes arrived in time' }
    });
    expect(server.seen).toHaveLength(2);
  });

  test('one that never succeeds leaves nothing behind', async () => {
    const { link } = await storage(short);
    const { hosting, server } = await scene(() => [redirect(link)]);
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({ code: 'hosting-failed' });
    expect(server.seen).toHaveLength(5);
    expect(await readdir(directory)).toEqual([]);
  });

  test('an asset that is gone is an answer', async () => {
    const { hosting, server } = await scene(() => [json(404, { message: 'Not Found' })]);
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({
      details: { problem: '404 Not Found' }
    });
    expect(server.seen).toHaveLength(1);
  });

  test('a disk that fails is not blamed on GitHub by trying again', async () => {
    const { hosting, server } = await scene(() => [whole]);
    const reason = await refusalOf(hosting.download(5, join(directory, 'missing', 'got')));
    expect(reason).toMatchObject({ details: { problem: expect.stringContaining('ENOENT') } });
    expect(server.seen).toHaveLength(1);
  });

  test('is given up at once when the run is cancelled', async () => {
    const run = new AbortController();
    const { hosting } = await scene(() => [stalled], { signal: run.signal, command: 'deploy', pace: { idle: 60 } });
    setTimeout(() => run.abort(), 20);
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({ code: 'cancelled' });
    expect(await readdir(directory)).toEqual([]);
  });

  test('an answer that never ends is broken off where the listed size is passed', async () => {
    const flood = createFlood();
    const { link } = await storage(flood.step);
    const { hosting } = await scene(() => [json(200, [asset({ size: 10 })]), redirect(link)]);
    await hosting.assets(3);
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({
      details: { problem: expect.stringContaining('more than 10 bytes arrived') }
    });
    expect(flood.sent()).toBeLessThan(5 * 16 * 1024 * 1024); // what five connections may hold in their buffers
    expect(await readdir(directory)).toEqual([]);
  });

  test('a redirect that is no link is not shown: it may hold a right', async () => {
    const { hosting } = await scene(() => [redirect('http://[?sig=canary')]);
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({
      details: { problem: expect.stringMatching(/^(?!.*canary).*no link/) }
    });
  });

  test('no redirect leads to a file or another scheme', async () => {
    const { hosting } = await scene(() => [redirect('file:///etc/passwd')]);
    expect(await refusalOf(hosting.download(5, join(directory, 'got')))).toMatchObject({
      details: { problem: expect.stringContaining('file:') }
    });
  });
});
