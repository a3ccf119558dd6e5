import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createShop } from '../src/server.js';

const settings = JSON.parse(readFileSync(new URL('../config/staging.json', import.meta.url), 'utf8'));

const open = async (t) => {
  const server = createShop({ version: '1.2.3', environment: 'staging', settings });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = `http://127.0.0.1:${server.address().port}`;
  const order = (body) => fetch(`${address}/orders`, { method: 'POST', body: JSON.stringify(body) });
  return { address, order };
};

test('the health page names version and environment', async (t) => {
  const { address } = await open(t);
  const reply = await fetch(`${address}/health`);
  assert.deepEqual(await reply.json(), { status: 'ok', version: '1.2.3', environment: 'staging' });
});

test('the product page shows prices and version', async (t) => {
  const { address } = await open(t);
  const page = await (await fetch(address)).text();
  assert.match(page, /coffee<\/td><td>R\$18\.50/);
  assert.match(page, /Version 1\.2\.3/);
});

test('an order is the sum of its lines', async (t) => {
  const { order } = await open(t);
  const reply = await order([
    { article: 'coffee', count: 2 },
    { article: 'mug', count: 1 }
  ]);
  assert.equal(reply.status, 201);
  const { totalInCents, currency } = await reply.json();
  assert.deepEqual({ totalInCents, currency }, { totalInCents: 2 * 1850 + 4200, currency: 'BRL' });
});

for (const [name, body] of [
  ['nothing', []],
  ['something we do not sell', [{ article: 'toString', count: 1 }]],
  ['half a coffee', [{ article: 'coffee', count: 0.5 }]],
  ['no list', 'coffee']
]) {
  test(`an order of ${name} is refused`, async (t) => {
    const { order } = await open(t);
    assert.equal((await order(body)).status, 422);
  });
}
