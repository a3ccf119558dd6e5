import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const SOURCE = fileURLToPath(new URL('../../../../src/adapters/hosting-github/hosting.ts', import.meta.url));
const SIZE = 320 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

const PROGRAM = `
import { createHosting } from ${JSON.stringify(SOURCE)};
const [url, work, file, size] = process.argv.slice(1);
const clock = { now: () => new Date(), sleep: async () => undefined, elapsed: () => performance.now() / 1000 };
const repository = { owner: 'acme', name: 'shop' };
const signal = new AbortController().signal;
const hosting = createHosting({ apiUrl: url, graphqlUrl: url, token: 't', repository, clock, signal });
const before = process.resourceUsage().maxRSS;
if (work === 'upload') await hosting.uploadAsset({ release: 3, name: 'a', file, size: Number(size) });
else await hosting.download(5, file);
console.log((process.resourceUsage().maxRSS - before) / 1024);
`;

let directory = '';
let server: Server;
let url = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'memory-'));
  server = createServer((request, response) => {
    const path = request.url ?? '';
    const reply = (body: object): void => {
      response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.method === 'POST') {
      request.resume().on('end', () => reply({ id: 5, name: 'a', size: SIZE, state: 'uploaded' }));
    } else if (path.endsWith('/assets/5')) {
      response.writeHead(200, { 'content-length': SIZE });
      const piece = Buffer.alloc(MEGABYTE);
      let left = SIZE;
      const more = (): void => {
        for (; left > 0; left -= piece.length) {
          if (!response.write(piece)) {
            left -= piece.length;
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    } else {
      reply({ id: 3, tag_name: 'v1', draft: true, html_url: 'https://github.test/r', upload_url: `${url}/up{?name}` });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

test.each(['upload', 'download'])(
  'a large %s is never held in memory',
  async (work) => {
    const file = join(directory, 'a');
    if (work === 'upload') {
      const handle = await open(file, 'w');
      await handle.truncate(SIZE);
      await handle.close();
    }
    const given = ['--input-type=module', '--eval', PROGRAM, url, work, file, String(SIZE)];
    const { stdout } = await promisify(execFile)(process.execPath, given);
    expect(Number(stdout)).toBeLessThan(150);
    expect((await stat(file)).size).toBe(SIZE);
  },
  30_000
);
