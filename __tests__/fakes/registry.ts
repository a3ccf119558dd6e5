import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { portIn } from './port.ts';

export const sha256 = (bytes: string | Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface Registry {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly requests: string[];
  /** Tag or digest to the bytes and their type. */
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Answers a request instead of the registry; `false` = let it pass. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): void;
}

export interface Protection {
  readonly scheme: 'none' | 'basic' | 'bearer';
  /** `user:password` that opens it; pulling is open to all with `bearer`. */
  readonly account: string;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** A registry that keeps manifests of one repository, and guards them as real ones do. */
export const startRegistry = async (protection: Protection): Promise<Registry> => {
  const basic = `Basic ${Buffer.from(protection.account).toString('base64')}`;
  const challenge = (response: ServerResponse, host: string): void => {
    const realm = `Bearer realm="http://${host}/token",service="fake",scope="repository:other:*"`;
    response.writeHead(401, { 'www-authenticate': protection.scheme === 'basic' ? 'Basic realm="x"' : realm }).end();
  };
  const token = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const url = new URL(request.url ?? '', 'http://x');
    const form = new URLSearchParams(body.toString());
    const scope = url.searchParams.get('scope') ?? form.get('scope') ?? '';
    const known = request.headers.authorization === basic || form.get('refresh_token') === protection.account;
    if (request.headers.authorization !== undefined && !known) return void response.writeHead(401).end();
    const granted = known || scope.endsWith(':pull') ? scope : 'nothing';
    response.end(JSON.stringify(form.has('scope') ? { access_token: granted } : { token: granted }));
  };
  const allowed = (request: IncomingMessage, path: string): boolean => {
    const { authorization } = request.headers;
    if (protection.scheme === 'none') return true;
    if (protection.scheme === 'basic') return authorization === basic;
    const needed = request.method === 'PUT' ? ['pull,push'] : ['pull', 'pull,push'];
    return needed.some((access) => authorization === `Bearer repository:${path}:${access}`);
  };
  const manifests: Registry['manifests'] = new Map();
  const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const [, path = '', reference = ''] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(request.url ?? '') ?? [];
    if (!allowed(request, path)) return challenge(response, request.headers.host ?? '');
    if (request.method === 'PUT') {
      const entry = { type: request.headers['content-type'] ?? '', bytes: body };
      manifests.set(reference, entry).set(sha256(body), entry);
      return void response.writeHead(201).end();
    }
    const found = manifests.get(reference);
    if (found === undefined) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    response
      .writeHead(200, { 'content-type': found.type, 'docker-content-digest': sha256(found.bytes) })
      .end(found.bytes);
  };
  const registry: { intercept: Registry['intercept']; requests: string[] } = { intercept: () => false, requests: [] };
  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const body = await bodyOf(request);
      registry.requests.push(`${request.method} ${request.url}`);
      if (registry.intercept(request, response)) return;
      if (request.url?.startsWith('/token') === true) token(request, response, body);
      else answer(request, response, body);
    };
    void serve();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const port = portIn(server.address());
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return Object.assign(registry, { host: `127.0.0.1:${port}`, manifests, close });
};
