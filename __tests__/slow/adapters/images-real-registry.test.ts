import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createImages } from '../../../src/adapters/images-registry.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { portIn } from '../../fakes/port.ts';
import { sha256 } from '../../fakes/registry.ts';

/** CNCF's registry, Debian package `docker-registry`. */
const PROGRAM = 'docker-registry';
const installed = spawnSync(PROGRAM, ['--version']).status === 0;
if (!installed) process.stderr.write(`skipped: ${PROGRAM} is not installed (apt-get install docker-registry)\n`);
const onlyInstalled = installed ? describe : describe.skip;

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
let directory = '';
let host = '';
let registry: ChildProcess;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portIn(server.address());
  server.close();
  return port;
};

const isUp = async (): Promise<boolean> =>
  fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false
  );

/** Uploads a blob in one request and gives its descriptor. */
const pushBlob = async (name: string, bytes: Buffer): Promise<{ digest: string; size: number }> => {
  const digest = sha256(bytes);
  const started = await fetch(`http://${host}/v2/${name}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(started.headers.get('location') ?? '', `http://${host}`);
  place.searchParams.set('digest', digest);
  const put = await fetch(place, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': 'application/octet-stream' }
  });
  expect(put.status).toBe(201);
  return { digest, size: bytes.length };
};

/** A tiny image: an empty configuration and one layer that is no tar. */
const pushImage = async (name: string, tag: string, content: string): Promise<string> => {
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...(await pushBlob(name, Buffer.from('{}')))
  };
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    ...(await pushBlob(name, Buffer.from(content)))
  };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }, undefined, 3);
  const url = `http://${host}/v2/${name}/manifests/${tag}`;
  const put = await fetch(url, { method: 'PUT', body: manifest, headers: { 'content-type': MANIFEST } });
  expect(put.status).toBe(201);
  return sha256(manifest);
};

onlyInstalled('images: a real registry', () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'registry-'));
    const port = await freePort();
    host = `127.0.0.1:${port}`;
    const config = [
      'version: 0.1',
      'storage:',
      '  filesystem:',
      `    rootdirectory: ${directory}`,
      'http:',
      `  addr: ${host}`
    ];
    writeFileSync(join(directory, 'config.yml'), `${config.join('\n')}\n`);
    registry = spawn(PROGRAM, ['serve', join(directory, 'config.yml')], { stdio: 'ignore' });
    for (let tries = 0; tries < 100 && !(await isUp()); tries++) await pause(50);
  });

  afterAll(async () => {
    registry.kill('SIGKILL');
    await once(registry, 'exit');
    rmSync(directory, { recursive: true });
  });

  const images = (): ReturnType<typeof createImages> =>
    createImages({ environment: { DOCKER_CONFIG: directory }, signal: new AbortController().signal });

  test('a version built is found by its tag and tagged by its digest, byte for byte', async () => {
    const name = `${host}/acme/shop`;
    const digest = await pushImage('acme/shop', '1.2.3', 'one');
    const image = await images().resolve(name, '1.2.3');
    expect(image).toEqual({ name, digest });
    await images().tag(image, 'v1.2.3');
    await images().tag(image, 'v1.2.3'); // again, after a crash
    expect(await images().resolve(name, 'v1.2.3')).toEqual(image);
  });

  test('a tag that moved meanwhile does not move what is tagged', async () => {
    const name = `${host}/acme/moving`;
    const first = await images()
      .resolve(name, '1.0.0')
      .catch((error: unknown) => error);
    expect(first).toBeInstanceOf(Refusal);
    const digest = await pushImage('acme/moving', '1.0.0', 'first');
    await pushImage('acme/moving', '1.0.0', 'second');
    await images().tag({ name, digest }, 'v1.0.0');
    expect((await images().resolve(name, 'v1.0.0')).digest).toBe(digest);
    expect((await images().resolve(name, '1.0.0')).digest).not.toBe(digest);
  });

  test('an index of several platforms is tagged as a whole', async () => {
    const name = `${host}/acme/multi`;
    const digest = await pushImage('acme/multi', 'amd64', 'one');
    const type = 'application/vnd.oci.image.index.v1+json';
    const entry = { mediaType: MANIFEST, digest, size: 1, platform: { architecture: 'amd64', os: 'linux' } };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [entry] });
    const url = `http://${host}/v2/acme/multi/manifests/2.0.0`;
    expect((await fetch(url, { method: 'PUT', body: index, headers: { 'content-type': type } })).status).toBe(201);
    const image = await images().resolve(name, '2.0.0');
    expect(image.digest).toBe(sha256(index));
    await images().tag(image, 'v2.0.0');
    const tagged = await fetch(`http://${host}/v2/acme/multi/manifests/v2.0.0`, { headers: { accept: type } });
    expect(await tagged.text()).toBe(index);
  });

  test('a digest the registry does not have is missing', async () => {
    const work = images().tag({ name: `${host}/acme/shop`, digest: sha256('nothing') }, 'v9');
    const error: unknown = await work.catch((failure: unknown) => failure);
    expect(error instanceof Refusal && error.reason.code).toBe('image-missing');
  });
});
