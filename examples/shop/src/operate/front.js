// What a load balancer is elsewhere: one address for all environments of this machine. `/staging/...` goes to
// whatever process serves staging now. Usage: node front.js [port]
import { createServer, request as ask } from 'node:http';
import { fileURLToPath } from 'node:url';
import { readCurrent, stateFolder } from './state.js';

const unavailable = (response) => {
  response.writeHead(503, { 'content-type': 'application/json' });
  response.end('{"error":"nothing runs here"}');
};

const forward = async (request, response, root) => {
  const [, environment, path = '/'] = /^\/([\w-]+)(\/.*)?$/.exec(request.url) ?? [];
  const current = environment === undefined ? undefined : await readCurrent(stateFolder(environment, root));
  if (current === undefined) return unavailable(response);
  const { method, headers } = request;
  const onward = ask({ host: '127.0.0.1', port: current.port, path, method, headers }, (reply) => {
    response.writeHead(reply.statusCode, reply.headers);
    reply.pipe(response);
  });
  onward.on('error', () => unavailable(response));
  return request.pipe(onward);
};

/** Not listening yet. `root` is the folder that holds the state of all environments. */
export const createFront = (root) =>
  createServer((request, response) => void forward(request, response, root).catch(() => unavailable(response)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const front = createFront(process.env.SHOP_STATE);
  front.listen(Number(process.argv[2] ?? 4300), '127.0.0.1', () =>
    console.log(`http://127.0.0.1:${front.address().port}/staging and /production`)
  );
}
