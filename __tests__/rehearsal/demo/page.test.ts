import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { judgePage } from '../../../rehearsal/demo/page.ts';
import { Surprise } from '../../../rehearsal/demo/story.ts';

let site: string;
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), 'demo-page-'));
});
afterEach(() => rmSync(site, { recursive: true, force: true }));

const publish = (production: object): void => {
  const environments = [
    { name: 'staging', lines: [{ live: { kind: 'version', version: '0.2.0' } }] },
    { name: 'production', lines: [{ live: production }] }
  ];
  writeFileSync(join(site, 'delivery.json'), JSON.stringify({ environments }));
};

test('a page that says what was seen is a good one, also where nothing runs yet', () => {
  publish({ kind: 'version', version: '0.1.0' });
  expect(() => judgePage(site, { staging: '0.2.0', production: '0.1.0' })).not.toThrow();
  publish({ kind: 'nothing' });
  expect(() => judgePage(site, { staging: '0.2.0', production: 'nothing' })).not.toThrow();
});

test('a page that says otherwise is a surprise', () => {
  publish({ kind: 'version', version: '0.2.0' });
  expect(() => judgePage(site, { staging: '0.2.0', production: '0.1.0' })).toThrow(
    new Surprise('production on the page: 0.2.0, where 0.1.0 was to be expected')
  );
});
