import type { IncomingMessage, ServerResponse } from 'node:http';
import { tokenIn } from './access.ts';
import type { Access, Caller } from './access.ts';
import { faultAnswer, jsonAnswer, primaryLimit, refusalBody } from './answer.ts';
import type { Answer } from './answer.ts';
import { deliver } from './deliver.ts';
import { isSilence, isSpoiling } from './faults.ts';
import type { Faults, Met } from './faults.ts';
import { serveGit } from './git-http.ts';
import type { Graph } from './graph.ts';
import type { Holds } from './holds.ts';
import type { Journal, OpenEntry } from './journal.ts';
import { quotaHeaders } from './quota.ts';
import { answerRest } from './rest.ts';
import type { Rest } from './rest.ts';
import type { Router } from './router.ts';
import { leaveStarter } from './resources/assets.ts';
import type { View } from './state.ts';
import { bytesOf, downloadRedirect, storedFile, streamFile } from './storage.ts';
import { trafficOf } from './traffic.ts';
import type { Traffic } from './traffic.ts';

/** What a browser gets at an address that is neither the API's nor git's; undefined where there is nothing. */
export type Pages = (request: IncomingMessage, url: URL) => Promise<Answer | undefined>;

export interface Server extends Rest {
  readonly pages: Pages;
  readonly access: Access;
  readonly faults: Faults;
  readonly graph: Graph;
  readonly holds: Holds;
  readonly journal: Journal;
  readonly router: Router;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly traffic: Traffic;
  readonly met: Met | undefined;
  readonly caller: Caller | undefined;
  readonly entry: OpenEntry;
}

const viewFor = ({ world }: Server, { traffic, met }: Exchange): View => {
  const reading = traffic.method === 'GET' || traffic.operation === 'graphql';
  return met?.kind === 'stale' && reading ? world.state.before(met.writes ?? 1) : world.state.now();
};

const unauthorized = ({ request }: Exchange): Answer => {
  const message = request.headers.authorization === undefined ? 'Requires authentication' : 'Bad credentials';
  return jsonAnswer(401, refusalBody(401, message));
};

const notEmulated = (server: Server, { traffic }: Exchange): Answer => {
  const problem = `not emulated: ${traffic.method} ${traffic.path}`;
  server.report(problem);
  return jsonAnswer(501, { message: problem });
};

/** What the API answers when nothing goes wrong on the way. */
const apiAnswer = async (server: Server, exchange: Exchange): Promise<Answer> => {
  const { caller, traffic, request, url } = exchange;
  if (caller === undefined) return unauthorized(exchange);
  const free = traffic.operation === 'rate-limit/get';
  const allowance = free ? server.world.quota.look(caller) : server.world.quota.spend(caller);
  if (!free && allowance.used > allowance.limit) return primaryLimit(allowance.reset);
  const view = viewFor(server, exchange);
  if (traffic.operation === 'graphql') return server.graph({ request, caller, view });
  if (traffic.match === undefined) return notEmulated(server, exchange);
  return answerRest(server, { match: traffic.match, request, url, caller, view });
};

const commonHeaders = (server: Server, { caller, traffic }: Exchange): Record<string, string> => ({
  date: server.world.now().toUTCString(),
  'x-github-request-id': `HUB:${server.journal.length}`,
  ...(caller === undefined
    ? {}
    : quotaHeaders(server.world.quota.look(caller), traffic.operation === 'graphql' ? 'graphql' : 'core'))
});

const send = async (server: Server, exchange: Exchange, answer: Answer): Promise<void> => {
  const { met, response, entry } = exchange;
  const headers = { ...commonHeaders(server, exchange), ...answer.headers };
  entry.close(met !== undefined && isSilence(met.kind) ? 0 : answer.status);
  met?.reach();
  await deliver(response, { ...answer, headers }, met?.kind);
};

/** Before the write: the request is taken in and forgotten. */
const spoiltBefore = async (server: Server, exchange: Exchange, met: Met): Promise<void> => {
  const { request, caller, traffic, url } = exchange;
  if (met.kind === 'starter' && caller !== undefined) leaveStarter({ world: server.world, traffic, url, caller });
  request.resume();
  await send(server, exchange, faultAnswer(met, server.world.now()) ?? jsonAnswer(200, {}));
};

/** Whether the fault strikes before anything is done: faults that only spoil a real answer need that answer. */
const strikesFirst = (met: Met): boolean => met.phase !== 'after' && !isSpoiling(met.kind);

const serveApi = async (server: Server, exchange: Exchange): Promise<void> => {
  const { met } = exchange;
  if (met !== undefined && strikesFirst(met)) return spoiltBefore(server, exchange, met);
  const answer = await apiAnswer(server, exchange);
  return send(server, exchange, (met === undefined ? undefined : faultAnswer(met, server.world.now())) ?? answer);
};

const servePage = async (server: Server, exchange: Exchange): Promise<void> => {
  const { request, url } = exchange;
  const found = downloadRedirect(server.world, url.pathname) ?? (await server.pages(request, url));
  return send(server, exchange, found ?? jsonAnswer(404, refusalBody(404, 'Not Found')));
};

const serveRepository = async (server: Server, exchange: Exchange): Promise<void> => {
  const { request, response, url, caller, met, entry } = exchange;
  if (met !== undefined && strikesFirst(met)) return spoiltBefore(server, exchange, met);
  response.setHeader('date', server.world.now().toUTCString());
  const cut = met?.kind === 'cut' || met?.kind === 'truncate';
  await serveGit(server.world, { request, response, url, caller, cut });
  entry.close(response.statusCode);
  met?.reach();
};

const open = (server: Server, request: IncomingMessage, response: ServerResponse): Exchange => {
  const url = new URL(request.url ?? '/', server.world.urls.server);
  const accept = request.headers.accept ?? '';
  const traffic = trafficOf(server.router, { method: request.method ?? 'GET', url, accept });
  const token = tokenIn(request.headers.authorization);
  const caller = token === undefined ? undefined : server.access.callerOf(token);
  const met = server.faults.meet(traffic);
  const entry = server.journal.open(traffic, { caller, met });
  return { request, response, url, traffic, met, caller, entry };
};

const failed = (server: Server, response: ServerResponse, error: unknown): void => {
  const problem = `the hub broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  // a client that hangs up in the middle of its request is no mistake of ours
  if (response.destroyed || response.socket?.destroyed === true) return;
  server.report(problem);
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message: problem }));
};

export const serve = async (server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const exchange = open(server, request, response);
  try {
    await server.holds.pass(exchange.traffic, exchange.caller?.run);
    if (exchange.traffic.kind === 'git') await serveRepository(server, exchange);
    else if (exchange.traffic.kind === 'page') await servePage(server, exchange);
    else await serveApi(server, exchange);
  } catch (error) {
    exchange.entry.close(500);
    failed(server, response, error);
  }
};

/** The other origin, where the bytes of assets lie. */
export const serveStorage = async (
  server: Server,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> => {
  const url = new URL(request.url ?? '/', server.world.urls.storage);
  const path = url.pathname + url.search;
  const traffic: Traffic = { kind: 'storage', method: request.method ?? 'GET', path, operation: 'storage' };
  const met = server.faults.meet(traffic);
  const entry = server.journal.open(traffic, { caller: undefined, met });
  const exchange: Exchange = { request, response, url, traffic, met, caller: undefined, entry };
  try {
    const found = storedFile(server.world, request, url);
    if (met !== undefined && strikesFirst(met)) await spoiltBefore(server, exchange, met);
    else if ('body' in found) await send(server, exchange, found);
    else if (met !== undefined) await send(server, exchange, await bytesOf(found));
    else {
      entry.close(200);
      await streamFile(response, found);
    }
  } catch (error) {
    failed(server, response, error);
  }
};
