// Starts the shop for $SHOP_ENVIRONMENT on a free port of this machine; tells its parent the port.
import { readFile } from 'node:fs/promises';
import { createShop } from './server.js';

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));

const environment = process.env.SHOP_ENVIRONMENT ?? 'staging';
const settings = await read(`../config/${environment}.json`);
const { version } = await read('../version.json').catch(() => ({ version: 'not built' }));

const server = createShop({ version, environment, settings });
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`shop ${version} for ${environment} on http://127.0.0.1:${port}`);
  // The parent stops listening once it knows the port.
  if (process.connected) process.send({ port }, () => process.disconnect());
});

// Open requests are finished, new ones go to the next version.
process.once('SIGTERM', () => server.close(() => process.exit(0)));
