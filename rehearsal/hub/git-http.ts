import { execFileSync, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Caller } from './access.ts';
import { mayDo } from './access.ts';
import { gitEnvironment } from './git.ts';
import type { World } from './world.ts';

/** `/owner/name.git/info/refs` and its kin; git also asks without `.git`. */
const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.+))$/;

export interface GitRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly caller: Caller | undefined;
  /** The connection dies in the middle of the answer. */
  readonly cut?: boolean;
}

export const isGitPath = (path: string): boolean => PATH.test(path);

const refuse = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, {
    'content-type': 'text/plain',
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {})
  });
  response.end(text);
};

const isPush = (url: URL): boolean =>
  url.pathname.endsWith('/git-receive-pack') || url.searchParams.get('service') === 'git-receive-pack';

/** The status to refuse with, or undefined when the caller may. */
const refusal = (world: World, { url, caller }: GitRequest): { status: number; text: string } | undefined => {
  const { owner, name, visibility } = world.settings;
  const [, askedOwner = '', askedName = ''] = PATH.exec(url.pathname) ?? [];
  const same = `${askedOwner}/${askedName}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
  if (!same) return { status: 404, text: 'Repository not found.' };
  const level = isPush(url) ? 'write' : 'read';
  if (level === 'read' && visibility === 'public') return undefined;
  if (caller === undefined) return { status: 401, text: 'Authentication required' };
  if (mayDo(caller, { scope: 'contents', level }, visibility)) return undefined;
  return level === 'write'
    ? { status: 403, text: 'Write access to repository not granted.' }
    : { status: 404, text: 'Repository not found.' };
};

const environmentOf = (world: World, { request, url, caller }: GitRequest): NodeJS.ProcessEnv => {
  const [, , , rest = ''] = PATH.exec(url.pathname) ?? [];
  const header = (name: string): string => String(request.headers[name] ?? '');
  return gitEnvironment({
    GIT_PROJECT_ROOT: world.git.directory,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(rest),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: header('content-type'),
    ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_ADDR: '127.0.0.1',
    ...(caller === undefined ? {} : { REMOTE_USER: caller.login })
  });
};

let backend: string | undefined;

/** By its path: through `git` it would be a process more for each request. */
const backendPath = (): string =>
  (backend ??= join(
    execFileSync('git', ['--exec-path'], { env: gitEnvironment(), encoding: 'utf8' }).trim(),
    'git-http-backend'
  ));

/** A CGI head: `Status: 404 Not Found` and headers, up to an empty line. */
const answerHead = (head: string, response: ServerResponse): void => {
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
};

/** Serves the bare repository by git's own `http-backend`, so that what clients get is what git does. */
export const serveGit = (world: World, git: GitRequest): Promise<void> => {
  const { request, response } = git;
  const refused = refusal(world, git);
  if (refused !== undefined) {
    request.resume();
    refuse(response, refused.status, refused.text);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const child = spawn(backendPath(), [], { env: environmentOf(world, git) });
    let head: Buffer | undefined = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => {
      if (head === undefined) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const [end = ''] = /\r?\n\r?\n/.exec(head.toString('latin1')) ?? [];
      if (end === '') return;
      const at = head.indexOf(end);
      answerHead(head.subarray(0, at).toString('latin1'), response);
      const body = head.subarray(at + end.length);
      head = undefined;
      if (git.cut !== true) response.write(body);
      else response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
    });
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    request.pipe(child.stdin);
    response.on('close', () => child.kill());
    child.on('close', () => {
      if (head !== undefined && !response.headersSent) response.statusCode = 500;
      response.end();
      resolve();
    });
  });
};
