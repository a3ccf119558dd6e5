// Writes the page for made-up histories, to look at while changing it: npm run page:samples -- [folder]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../src/contract.ts';
import { renderPage } from '../../src/report/dashboard/page.ts';
import { SAMPLES } from './samples.ts';

const folder = process.argv[2] ?? join('build', 'page-samples');
mkdirSync(folder, { recursive: true });
for (const [name, sample] of Object.entries(SAMPLES)) {
  const report = sample();
  for (const language of LANGUAGES) {
    const file = join(folder, `${name}.${language}.html`);
    const page = renderPage(report, language);
    writeFileSync(file, page);
    console.log(`${file} ${(Buffer.byteLength(page) / 1000).toFixed(0)} kB`);
  }
}
