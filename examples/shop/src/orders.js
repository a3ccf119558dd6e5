/** A customer asked for something we cannot sell. */
export class OrderRefused extends Error {}

const lineOf = (settings, { article, count }) => {
  if (!Object.hasOwn(settings.pricesInCents, article)) throw new OrderRefused(`we do not sell "${article}"`);
  if (!Number.isInteger(count) || count < 1 || count > 99) throw new OrderRefused('order between 1 and 99 of each');
  return { article, count, cents: settings.pricesInCents[article] * count };
};

/** The order with its total, in the currency of the environment. Throws `OrderRefused`. */
export const takeOrder = (settings, asked) => {
  if (!Array.isArray(asked) || asked.length === 0) throw new OrderRefused('the order is empty');
  const lines = asked.map((line) => lineOf(settings, line));
  const totalInCents = lines.reduce((sum, { cents }) => sum + cents, 0);
  return { lines, totalInCents, currency: settings.currency };
};
