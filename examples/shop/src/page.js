const INERT = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const inert = (text) => text.replaceAll(/[&<>"]/g, (sign) => INERT[sign]);

export const money = (cents, currency) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100);

const row = ([article, cents], currency) => `<tr><td>${inert(article)}</td><td>${money(cents, currency)}</td></tr>`;

export const productPage = ({ version, environment, settings }) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The shop</title></head>
<body>
<h1>The shop</h1>
<table>
${Object.entries(settings.pricesInCents)
  .map((price) => row(price, settings.currency))
  .join('\n')}
</table>
<footer>Version ${inert(version)}, ${inert(environment)}</footer>
</body>
</html>
`;
