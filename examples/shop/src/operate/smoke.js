// Buys something, as a customer would: the version is right and an order works.
const url = process.env.DELIVERY_URL;
const version = process.env.DELIVERY_VERSION;
const environment = process.env.DELIVERY_ENVIRONMENT;

const ask = async (path, options) => {
  const reply = await fetch(url + path, { ...options, signal: AbortSignal.timeout(5000) });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return reply.json();
};

const mustBe = (what, actual, expected) => {
  if (actual !== expected) throw new Error(`${what} is ${actual}, not ${expected}`);
};

try {
  const health = await ask('/health');
  mustBe('the version', health.version, version);
  mustBe('the environment', health.environment, environment);
  const order = await ask('/orders', { method: 'POST', body: JSON.stringify([{ article: 'coffee', count: 2 }]) });
  if (!(order.totalInCents > 0)) throw new Error(`an order of two coffees costs ${order.totalInCents}`);
  console.log(`${environment} sells coffee with version ${version}`);
} catch (error) {
  console.error(`smoke test of ${environment}: ${error.message}`);
  process.exitCode = 1;
}
