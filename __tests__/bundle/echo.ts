import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../../rehearsal/hub/index.ts';
import { portIn } from '../fakes/port.ts';

/** How the server fails while it says back everything it was told. */
export type Failure = 401 | 403 | 404 | 422 | 'text';

/** Stands before a hub and passes requests on, until it is told to fail. */
export interface Echo {
  readonly url: string;
  /** Variables that lead a step here instead of to the hub. */
  readonly environment: Readonly<Record<string, string>>;
  /** The nth request from now on fails like this; counted from 0. */
  failAt(nth: number, failure: Failure): void;
  /** Whether it came to that. */
  readonly failed: boolean;
  stop(): Promise<void>;
}

/** What a careless server puts into its message: all headers, the address, and the credentials in the clear. */
const echoOf = ({ headers, url = '' }: IncomingMessage): string => {
  const { authorization = '' } = headers;
  const [, basic = ''] = /^basic (.*)$/i.exec(authorization) ?? [];
  // the credentials first: a short status has room for little more
  return `${authorization} ${Buffer.from(basic, 'base64').toString()} ${url} ${JSON.stringify(headers)}`;
};

const answer = (request: IncomingMessage, response: ServerResponse, failure: Failure): void => {
  const said = echoOf(request);
  const json = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  };
  if (request.url?.includes('.git/') === true) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end(said);
  } else if (request.url?.endsWith('/graphql') === true && failure !== 401) {
    const message = failure === 403 ? `Resource not accessible by integration ${said}` : said;
    json(200, { errors: [{ type: failure === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE', message }] });
  } else if (failure === 'text') {
    response.writeHead(422, { 'content-type': 'text/plain' }).end(said);
  } else {
    const message = failure === 403 ? `Resource not accessible by integration: ${said}` : said;
    json(failure, { message, errors: [{ code: 'custom', message: said }] });
  }
};

/** The hub's own addresses in an answer become ours, or the next request would go past us. */
const passOn = (hub: Hub, url: string, request: IncomingMessage, response: ServerResponse): void => {
  const { method, headers } = request;
  const upstream = httpRequest(`${hub.url}${request.url}`, { method, headers, agent: false }, (reply) => {
    const pieces: Buffer[] = [];
    reply.on('data', (piece: Buffer) => pieces.push(piece));
    reply.on('end', () => {
      const body = Buffer.concat(pieces);
      const isText = String(reply.headers['content-type']).includes('json');
      const sent = isText ? Buffer.from(body.toString().replaceAll(hub.url, url)) : body;
      response
        .writeHead(reply.statusCode ?? 500, { ...reply.headers, 'content-length': String(sent.length) })
        .end(sent);
    });
  });
  request.pipe(upstream);
};

export const openEcho = async (hub: Hub): Promise<Echo> => {
  let rule = { nth: Number.POSITIVE_INFINITY, failure: 422 as Failure };
  let [asked, failed, url] = [0, false, ''];
  const server = createServer((request, response) => {
    asked += 1;
    if (asked !== rule.nth + 1) passOn(hub, url, request, response);
    else {
      failed = true;
      request.resume();
      answer(request, response, rule.failure);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${portIn(server.address())}`;
  return {
    url,
    environment: {
      GITHUB_SERVER_URL: url,
      GITHUB_API_URL: hub.apiUrl.replace(hub.url, url),
      GITHUB_GRAPHQL_URL: hub.graphqlUrl.replace(hub.url, url)
    },
    failAt: (nth, failure) => {
      rule = { nth, failure };
      [asked, failed] = [0, false];
    },
    get failed() {
      return failed;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      })
  };
};
