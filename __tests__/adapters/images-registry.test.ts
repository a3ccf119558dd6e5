import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createImages } from '../../src/adapters/images-registry.ts';
import type { ImagesOptions } from '../../src/adapters/images-registry.ts';
import { createPhases } from '../../src/adapters/phases.ts';
import { PHASES } from '../../src/domain/phase.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Images } from '../../src/ports.ts';
import { FakeClock } from '../fakes/world.ts';
import { sha256, startRegistry } from '../fakes/registry.ts';
import type { Protection, Registry } from '../fakes/registry.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const BYTES = Buffer.from('{"schemaVersion":2, "manifests":[] }\n');
const DIGEST = sha256(BYTES);
const ACCOUNT = 'ana:canary-password';

let home = '';
const open: Registry[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'docker-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
  for (const registry of open.splice(0)) registry.close();
});

interface Bench {
  readonly registry: Registry;
  readonly name: string;
  readonly images: Images;
}

const bench = async (protection: Partial<Protection> = {}, options: Partial<ImagesOptions> = {}): Promise<Bench> => {
  const registry = await startRegistry({ scheme: 'none', account: ACCOUNT, ...protection });
  open.push(registry);
  registry.manifests.set('1.2.3', { type: INDEX, bytes: BYTES }).set(DIGEST, { type: INDEX, bytes: BYTES });
  const signal = new AbortController().signal;
  const images = createImages({ environment: { DOCKER_CONFIG: home }, signal, pauseSeconds: 0.01, ...options });
  return { registry, name: `${registry.host}/acme/shop`, images };
};

const login = (host: string, entry: object): void =>
  writeFileSync(join(home, 'config.json'), JSON.stringify({ auths: { [host]: entry }, credsStore: 'none' }));

const password = { auth: Buffer.from(ACCOUNT).toString('base64') };

const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure
  );
  if (!(error instanceof Refusal)) throw error ?? new Error('it worked');
  return `${error.reason.code} ${JSON.stringify(error.reason.details)}`;
};

test('a registry is asked no longer than the phase lasts', async () => {
  const clock = new FakeClock();
  const phases = createPhases(clock);
  const { images, name, registry } = await bench({}, { phases });
  const work = phases.during('images', async () => {
    await images.resolve(name, '1.2.3');
    await clock.sleep(PHASES.images);
    await images.resolve(name, '1.2.3');
  });
  const details = { phase: 'images', seconds: String(PHASES.images), call: 'the registry' };
  expect(await refusalOf(work)).toBe(`phase-timeout ${JSON.stringify(details)}`);
  expect(registry.requests).toHaveLength(1);
});

describe('images: open registry', () => {
  test('the digest of a tag is that of its bytes', async () => {
    const { images, name, registry } = await bench();
    expect(await images.resolve(name, '1.2.3')).toEqual({ name, digest: DIGEST });
    expect(registry.requests).toEqual(['GET /v2/acme/shop/manifests/1.2.3']);
  });

  test('another tag gets the same bytes of the same type, with no layer moved', async () => {
    const { images, name, registry } = await bench();
    await images.tag({ name, digest: DIGEST }, 'v1.2.3');
    expect(registry.manifests.get('v1.2.3')).toEqual({ type: INDEX, bytes: BYTES });
    expect(registry.requests).toEqual([`GET /v2/acme/shop/manifests/${DIGEST}`, 'PUT /v2/acme/shop/manifests/v1.2.3']);
    expect(await images.resolve(name, 'v1.2.3')).toEqual({ name, digest: DIGEST });
  });

  test('what is not there is missing', async () => {
    const { images, name } = await bench();
    expect(await refusalOf(images.resolve(name, '9.9.9'))).toContain('image-missing');
    expect(await refusalOf(images.tag({ name, digest: sha256('other') }, 'v1'))).toContain('image-missing');
    expect(await refusalOf(images.resolve(name, '../../x'))).toContain('image-missing');
    expect(await refusalOf(images.resolve('no image', '1'))).toContain('image-missing');
  });

  test('bytes that are not what was promised are refused, and nothing is tagged', async () => {
    const { images, name, registry } = await bench();
    registry.manifests.set(DIGEST, { type: INDEX, bytes: Buffer.from('{}') });
    expect(await refusalOf(images.tag({ name, digest: DIGEST }, 'v1'))).toMatch(/registry-failed.*manifest is sha256/);
    registry.intercept = (_request, response) => {
      response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': DIGEST }).end('{"x":1}');
      return true;
    };
    expect(await refusalOf(images.resolve(name, '1.2.3'))).toMatch(/registry-failed.*as claimed/);
    expect(registry.requests.some((request) => request.startsWith('PUT'))).toBe(false);
  });

  test('a page of HTML, a schema 1 manifest and an endless one are no manifests', async () => {
    const { images, name, registry } = await bench();
    const answers = [
      ['text/html', '<html>'],
      ['application/vnd.docker.distribution.manifest.v1+prettyjws', '{}'],
      [INDEX, 'x'.repeat(5 * 1024 * 1024)]
    ] as const;
    for (const [type, body] of answers) {
      registry.intercept = (_request, response) => {
        response.writeHead(200, { 'content-type': type }).end(body);
        return true;
      };
      expect(await refusalOf(images.resolve(name, '1.2.3'))).toContain('registry-failed');
    }
  });
});

describe('images: a registry in trouble', () => {
  test('passing faults are tried again, reading and writing', async () => {
    const { images, name, registry } = await bench();
    let faults = 0;
    registry.intercept = (request, response) => {
      faults += 1;
      if (faults % 3 === 0) return false;
      if (faults % 3 === 1) response.writeHead(503).end();
      else request.socket.destroy();
      return true;
    };
    await images.tag({ name, digest: DIGEST }, 'v1.2.3');
    expect(registry.manifests.get('v1.2.3')?.bytes).toEqual(BYTES);
    expect(registry.requests).toHaveLength(6);
  });

  test('lasting ones end after three tries, with the reason', async () => {
    const { images, name, registry } = await bench();
    registry.intercept = (_request, response) => {
      response.writeHead(502).end();
      return true;
    };
    expect(await refusalOf(images.resolve(name, '1'))).toMatch(/registry-failed.*answered 502/);
    expect(registry.requests).toHaveLength(3);
    registry.close();
    expect(await refusalOf(images.resolve(name, '1'))).toMatch(/registry-failed.*ECONNREFUSED/);
  });

  test('a final answer is not asked for again', async () => {
    const { images, name, registry } = await bench();
    registry.intercept = (_request, response) => {
      response.writeHead(403).end();
      return true;
    };
    expect(await refusalOf(images.resolve(name, '1'))).toMatch(/registry-failed.*no permission \(403\)/);
    expect(registry.requests).toHaveLength(1);
  });

  test('a cancel ends the waiting', async () => {
    const cancel = new AbortController();
    const { images, name, registry } = await bench({}, { signal: cancel.signal });
    registry.intercept = () => {
      cancel.abort();
      return true; // never answers
    };
    expect(await refusalOf(images.resolve(name, '1'))).toContain('registry-failed');
    expect(registry.requests).toHaveLength(1);
  });
});

describe('images: signing in', () => {
  test('Basic, with what docker login left', async () => {
    const { images, name, registry } = await bench({ scheme: 'basic' });
    login(registry.host, password);
    await images.tag({ name, digest: DIGEST }, 'v1.2.3');
    expect(registry.manifests.has('v1.2.3')).toBe(true);
    expect(registry.requests).toHaveLength(4);
  });

  test('Bearer: pulling without an account', async () => {
    const { images, name, registry } = await bench({ scheme: 'bearer' });
    expect((await images.resolve(name, '1.2.3')).digest).toBe(DIGEST);
    expect(await images.resolve(name, '1.2.3')).toEqual({ name, digest: DIGEST });
    const tokens = registry.requests.filter((request) => request.startsWith('GET /token'));
    expect(tokens).toEqual(['GET /token?scope=repository%3Aacme%2Fshop%3Apull&service=fake']);
  });

  test.each([
    ['a password', password],
    ['an identity token', { auth: password.auth, identitytoken: ACCOUNT }]
  ])('Bearer: pushing with %s', async (_name, entry) => {
    const { images, name, registry } = await bench({ scheme: 'bearer' });
    login(`http://${registry.host}/v1/`, entry);
    await images.tag({ name, digest: DIGEST }, 'v1.2.3');
    expect(registry.manifests.get('v1.2.3')?.bytes).toEqual(BYTES);
  });

  test('no account, a wrong one, a broken configuration: refused, and the password is not told', async () => {
    const { images, name, registry } = await bench({ scheme: 'bearer' });
    const tag = (): Promise<string> => refusalOf(images.tag({ name, digest: DIGEST }, 'v1'));
    expect(await tag()).toMatch(/registry-failed.*no permission \(401\)/);
    login(registry.host, { auth: Buffer.from('ana:canary-wrong').toString('base64') });
    expect(await tag()).toMatch(/registry-failed.*sign-in answered 401/);
    writeFileSync(join(home, 'config.json'), `{"auths": ${password.auth}`);
    const broken = await tag();
    expect(broken).toMatch(/registry-failed.*not a configuration of docker/);
    expect(broken).not.toContain(password.auth);
  });

  test("the job's token goes to GitHub's registry only", async () => {
    const seen: [string, string | null][] = [];
    const fetch: ImagesOptions['fetch'] = async (url, init) => {
      seen.push([url, new Headers(init.headers).get('authorization')]);
      if (url.includes('/token')) return Promise.resolve(Response.json({ token: 'short-lived' }));
      if (seen.at(-1)?.[1] !== null)
        return Promise.resolve(new Response(BYTES, { headers: { 'content-type': INDEX } }));
      const { host } = new URL(url);
      const challenge = `Bearer realm="https://${host}/token",service="${host}"`;
      return Promise.resolve(new Response('', { status: 401, headers: { 'www-authenticate': challenge } }));
    };
    const { images } = await bench({}, { fetch, token: 'canary-job-token' });
    await images.resolve('ghcr.io/acme/shop', '1.2.3');
    await images.resolve('registry.example/acme/shop', '1.2.3');
    const shown = seen.filter(([url]) => url.includes('/token')).map(([, authorization]) => authorization);
    const basic = `Basic ${Buffer.from('x-access-token:canary-job-token').toString('base64')}`;
    expect(shown).toEqual([basic, null]);
  });

  test.each(['http://registry.example/token', 'file:///token', ''])('credentials are not sent to %j', async (realm) => {
    const urls: string[] = [];
    const fetch: ImagesOptions['fetch'] = async (url) => {
      urls.push(url);
      const headers = { 'www-authenticate': `Bearer realm="${realm}"` };
      return Promise.resolve(new Response('', { status: 401, headers }));
    };
    const { images } = await bench({}, { fetch });
    login('registry.example', password);
    expect(await refusalOf(images.resolve('registry.example/acme/shop', '1'))).toContain('registry-failed');
    expect(urls).toEqual(['https://registry.example/v2/acme/shop/manifests/1']);
  });
});
