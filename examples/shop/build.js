// Writes dist/: the program, its settings, and the version stamped in.
import { cp, rm, writeFile } from 'node:fs/promises';

const dist = new URL('dist/', import.meta.url);
const version = process.env.DELIVERY_VERSION ?? '0.0.0';

await rm(dist, { recursive: true, force: true });
await cp(new URL('src/', import.meta.url), new URL('src/', dist), { recursive: true });
await cp(new URL('config/', import.meta.url), new URL('config/', dist), { recursive: true });
await cp(new URL('package.json', import.meta.url), new URL('package.json', dist));
await writeFile(new URL('version.json', dist), `${JSON.stringify({ version })}\n`);
