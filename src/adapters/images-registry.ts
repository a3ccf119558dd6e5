import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Image } from '../domain/release.ts';
import { Refusal, refuse } from '../domain/refusal.ts';
import type { Images } from '../ports.ts';
import type { Phases } from '../ports/phases.ts';
import { authorize } from './images-access.ts';
import type { Access, Fetch } from './images-access.ts';
import { credentialsFor } from './images-credentials.ts';
import { DIGEST, TAG, repositoryOf } from './images-reference.ts';
import type { Repository } from './images-reference.ts';
import { codeOf, messageOf } from './system-error.ts';

export interface ImagesOptions {
  /** `DOCKER_CONFIG` and `HOME` say where `docker login` left its credentials. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly token?: string;
  readonly signal: AbortSignal;
  /** Ends the part of the command that asks for images. */
  readonly phases?: Phases;
  readonly fetch?: Fetch;
  /** Before the second try; doubled before the third. */
  readonly pauseSeconds?: number;
}

interface Manifest {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly digest: string;
}

interface Call {
  readonly repository: Repository;
  readonly access: Access;
  readonly reference: string;
  readonly init: RequestInit;
}

const REQUEST_MS = 30_000;
const TRIES = 3;
/** OCI distribution spec 1.1: a registry should take 4 MiB of manifest, so nobody has larger ones. */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

const TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json'
];

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const failed = (image: string, problem: string, cause?: unknown): Refusal =>
  refuse('registry-failed', { image, problem }, { cause });

/** Reads at most `LARGEST_MANIFEST` bytes, whatever length the registry claims. */
const readBytes = async (response: Response): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_MANIFEST) throw new Error('manifest larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** The digest the registry claims must be that of the bytes; registries may claim none. */
const readManifest = async (response: Response): Promise<Manifest> => {
  const bytes = await readBytes(response);
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  if (!TYPES.includes(type.trim())) throw new Error(`manifest of an unknown type`);
  const digest = digestOf(bytes);
  const claimed = response.headers.get('docker-content-digest') ?? digest;
  if (DIGEST.test(claimed) && claimed !== digest) throw new Error(`manifest is ${digest}, not ${claimed} as claimed`);
  return { bytes, type: type.trim(), digest };
};

/** `fetch` hides the system's reason in the cause. */
const problemOf = (error: unknown): string => {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? codeOf(error.cause) : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${cause}`;
};

/** Reading, and putting the same bytes again, may be repeated without harm; an answer below 500 is final. */
const patient =
  ({ fetch = globalThis.fetch, signal, phases, pauseSeconds = 1 }: ImagesOptions): Fetch =>
  async (url, init) => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt === TRIES;
      const over = phases?.over('the registry');
      if (over !== undefined) throw over;
      const milliseconds = Math.ceil(Math.min(REQUEST_MS, (phases?.left() ?? Infinity) * 1000));
      const bounded = { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]) };
      try {
        const response = await fetch(url, bounded);
        if (last || (response.status < 500 && response.status !== 429)) return response;
        await response.body?.cancel();
      } catch (error) {
        if (last || signal.aborted) throw error;
      }
      await pause(pauseSeconds * 1000 * 2 ** (attempt - 1), undefined, { signal });
    }
  };

const createCaller = (options: ImagesOptions): ((call: Call) => Promise<Response>) => {
  const fetch = patient(options);
  const known = new Map<string, string>();
  return async ({ repository, access, reference, init }) => {
    const url = `${repository.origin}/v2/${repository.path}/manifests/${reference}`;
    const key = `${repository.origin}/${repository.path} ${access}`;
    const send = (authorization: string | undefined): Promise<Response> => {
      const headers = new Headers(init.headers);
      if (authorization !== undefined) headers.set('authorization', authorization);
      return fetch(url, { ...init, headers });
    };
    const first = await send(known.get(key));
    if (first.status !== 401) return first;
    await first.body?.cancel();
    const credentials = await credentialsFor(repository.account, options);
    const header = first.headers.get('www-authenticate') ?? '';
    const authorization = await authorize(fetch, header, { repository, access, credentials });
    if (authorization === undefined) return first;
    known.set(key, authorization);
    return send(authorization);
  };
};

const refusalOf = (name: string, { status }: Response): Refusal =>
  status === 404
    ? refuse('image-missing', { image: name, problem: 'not found (404)' })
    : failed(name, status === 401 || status === 403 ? `no permission (${status})` : `answered ${status}`);

interface Asked {
  readonly name: string;
  readonly reference: string;
}

/** Everything that goes wrong on the way becomes a refusal that names the image. */
const guarded = async <T>({ name, reference }: Asked, work: (repository: Repository) => Promise<T>): Promise<T> => {
  const repository = repositoryOf(name);
  if (repository === undefined) throw refuse('image-missing', { image: name, problem: 'not an image name' });
  if (!TAG.test(reference) && !DIGEST.test(reference)) {
    throw refuse('image-missing', { image: name, problem: 'not a tag or digest' });
  }
  try {
    return await work(repository);
  } catch (error) {
    throw error instanceof Refusal ? error : failed(name, problemOf(error), error);
  }
};

/** Registries by the OCI distribution protocol; credentials from `docker login`, by password, token or not at all. */
export const createImages = (options: ImagesOptions): Images => {
  const call = createCaller(options);
  const read = async (repository: Repository, reference: string): Promise<Manifest> => {
    const init = { headers: { accept: TYPES.join(', ') } };
    const response = await call({ repository, access: 'pull', reference, init });
    if (!response.ok) throw refusalOf(`${repository.name}:${reference}`, response);
    return readManifest(response);
  };
  const put = async (image: Image, tag: string): Promise<void> => {
    const { name, digest } = image;
    await guarded({ name, reference: tag }, async (repository) => {
      const manifest = await read(repository, digest);
      if (manifest.digest !== digest) throw new Error(`manifest is ${manifest.digest}, not ${digest}`);
      const init = { method: 'PUT', headers: { 'content-type': manifest.type }, body: Buffer.from(manifest.bytes) };
      const response = await call({ repository, access: 'pull,push', reference: tag, init });
      if (!response.ok) throw refusalOf(`${name}:${tag}`, response);
      await response.body?.cancel();
    });
  };
  return {
    resolve: (name, tag) =>
      guarded({ name, reference: tag }, async (repository) => ({ name, digest: (await read(repository, tag)).digest })),
    tag: put
  };
};
