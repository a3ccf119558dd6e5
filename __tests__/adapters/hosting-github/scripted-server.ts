import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Step = (response: ServerResponse, seen: Seen, request: IncomingMessage) => void;

/** Answers each request with the next step of the script; the last one repeats. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}

export const startScript = async (...steps: readonly Step[]): Promise<ScriptedServer> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(pieces).toString() };
      const step = steps[Math.min(seen.length, steps.length - 1)];
      seen.push(one);
      step?.(response, one, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      })
  };
};

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Step =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };

export const raw =
  (status: number, type: string, body: string): Step =>
  (response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };

export const reset: Step = (_response, _seen, request) => {
  request.socket.destroy();
};

export const silence: Step = () => undefined;

/** Promises more than it sends, then hangs up. */
export const truncated: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"id": 1');
  setTimeout(() => response.destroy(), 5);
};

export const redirect =
  (to: string): Step =>
  (response) =>
    response.writeHead(302, { location: to }).end();

/** An answer that never ends, and how much of it has been sent. */
export const createFlood = (): { readonly step: Step; readonly sent: () => number } => {
  let sent = 0;
  const step: Step = (response) => {
    response.writeHead(200, {});
    const flood = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
      if (!response.destroyed) response.once('drain', flood);
    };
    flood();
  };
  return { step, sent: () => sent };
};
