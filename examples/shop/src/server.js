import { createServer } from 'node:http';
import { OrderRefused, takeOrder } from './orders.js';
import { productPage } from './page.js';

const BODY_LIMIT = 10_000;

const answer = (response, status, body) => {
  const isPage = typeof body === 'string';
  response.writeHead(status, { 'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json' });
  response.end(isPage ? body : JSON.stringify(body));
};

const bodyOf = async (request) => {
  let text = '';
  for await (const piece of request) {
    text += piece;
    if (text.length > BODY_LIMIT) throw new OrderRefused('the order is too long');
  }
  return text;
};

const parseOrder = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new OrderRefused('the order is not JSON');
  }
};

const routes = {
  'GET /': (_, shop) => productPage(shop),
  'GET /health': (_, { version, environment }) => ({ status: 'ok', version, environment }),
  'POST /orders': async (request, { settings }) => takeOrder(settings, parseOrder(await bodyOf(request)))
};

const handle = async (request, response, shop) => {
  const { pathname } = new URL(request.url, 'http://shop');
  const route = routes[`${request.method} ${pathname}`];
  if (route === undefined) return answer(response, 404, { error: 'nothing here' });
  try {
    return answer(response, request.method === 'POST' ? 201 : 200, await route(request, shop));
  } catch (error) {
    if (error instanceof OrderRefused) return answer(response, 422, { error: error.message });
    console.error(error);
    return answer(response, 500, { error: 'the shop is broken' });
  }
};

/** A shop of one version and environment; not listening yet. */
export const createShop = (shop) => createServer((request, response) => void handle(request, response, shop));
