import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CONFIG, template } from './project.ts';
import { openStage } from './stage.ts';

/** Everything a first delivery file needs; the project has no other file. */
const FIRST = `build:
  run: mkdir -p out && echo "$DELIVERY_VERSION" > out/version
  files: [out/**]
deploy:
  run: mkdir -p "$TARGET/$DELIVERY_ENVIRONMENT" && cp out/version "$TARGET/$DELIVERY_ENVIRONMENT/live"
verify:
  run: grep -qx "$DELIVERY_VERSION" "$TARGET/$DELIVERY_ENVIRONMENT/live"
environments:
  staging: {}
  production: { needs: [staging], gate: approval }
`;

/** The numbered list in the README, one entry an action. */
const counted = (): readonly string[] => {
  const readme = readFileSync('README.md', 'utf8');
  const [, title = '', section = ''] = /## From nothing to production: (\d+) actions\n([^#]*)/.exec(readme) ?? [];
  const actions = section.split('\n').filter((line) => /^\d+\. /.test(line));
  expect(actions).toHaveLength(Number(title));
  return actions;
};

test('from nothing to production in the four actions that the README counts', async () => {
  const actions = counted();
  expect(actions.length).toBeLessThanOrEqual(4);
  const shop = await openStage({ files: {}, environments: {} });
  expect((await shop.hub.snapshot()).branches).toEqual([]);

  expect(actions[0]).toContain('Required reviewers');
  shop.hub.defineEnvironment('production', { reviewers: ['bruno'] });

  expect(actions[1]).toContain('.github/delivery.yml');
  expect((await shop.push({ [CONFIG]: FIRST }, 'Say how it is built and deployed')).runs).toEqual([]);

  expect(actions[2]).toContain('continuous-delivery.yml');
  const run = await shop.deliver('Deliver it', template('continuous-delivery'));
  await shop.waitFor(run, { environment: 'production' });
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.1.0', '']);

  expect(actions[3]).toContain('Review deployments');
  shop.approve(run, 'production', 'bruno');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(await shop.running('production')).toBe('0.1.0');
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
});

test('who forgot the reviewers is told what to click, and loses nothing', async () => {
  const shop = await openStage({ files: {}, environments: {} });
  await shop.push({ [CONFIG]: FIRST }, 'Say how it is built and deployed');
  const run = await shop.deliver('Deliver it', template('continuous-delivery'));
  await shop.waitFor(run, 'completed');
  expect(shop.told(run)).toMatchObject({ staging: 'success done/delivered', propose: 'failure refused/gate-missing' });
  expect(shop.job(run, 'propose').log.join('\n')).toContain('Settings → Environments → New environment');
  expect((await shop.hub.snapshot()).environments.map(({ name }) => name)).toEqual(['staging']);
});

test('who forgot the delivery file is shown the lines to write', async () => {
  const shop = await openStage({ files: {}, environments: {} });
  const run = await shop.waitFor(await shop.deliver('Deliver it', template('continuous-delivery')), 'completed');
  expect(run.conclusion).toBe('failure');
  expect(shop.told(run)).toMatchObject({ staging: 'failure refused/deploy-undefined' });
  expect(shop.job(run, 'staging').log.join('\n')).toContain('deploy:');
  expect((await shop.hub.snapshot()).deployments).toEqual([]);
});
