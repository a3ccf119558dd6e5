import { expect, test } from '@jest/globals';
import { latestIn } from './judge.ts';
import { CONFIG, DELIVERY, PROJECT, deliverySaying, template } from './project.ts';
import { LINE, openStage } from './stage.ts';

// The only scenarios on copies that were edited, each as docs/templates.md says under "When you do edit".

const PATH = '.github/workflows/continuous-delivery.yml';
const original = template('continuous-delivery')[PATH] ?? '';

test('secrets and variables of an environment arrive after its approval, and only there', async () => {
  const env = "env: { API_KEY: '${{ secrets.API_KEY }}', REGION: '${{ vars.REGION }}' }";
  const copy = original.replaceAll('with: { command: deploy,', `${env}, with: { command: deploy,`);
  const shop = await openStage({
    files: { ...LINE, [PATH]: copy },
    environments: {
      staging: { secrets: { API_KEY: 'key-of-staging' }, vars: { REGION: 'test' } },
      production: { reviewers: ['bruno'], secrets: { API_KEY: 'key-of-production' }, vars: { REGION: 'south' } }
    }
  });
  const run = await shop.deliver('feat: open the shop');
  await shop.waitFor(run, { environment: 'production' });
  const everywhere = (): string =>
    shop
      .jobs(run)
      .flatMap(({ log }) => log)
      .join('\n');
  expect(await shop.marked('staging/seen')).toBe('key key-of-staging, region test\n');
  expect(shop.job(run, 'production')).toMatchObject({ steps: [], log: [] });
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  expect(await shop.marked('production/seen')).toBe('key key-of-production, region south\n');
  expect(everywhere()).not.toContain('key-of-');
});

test('a rejected job never had its secrets', async () => {
  const env = "env: { API_KEY: '${{ secrets.API_KEY }}' }";
  const copy = original.replaceAll('with: { command: deploy,', `${env}, with: { command: deploy,`);
  const shop = await openStage({
    files: { ...LINE, [PATH]: copy },
    environments: { staging: {}, production: { reviewers: ['bruno'], secrets: { API_KEY: 'key-of-production' } } }
  });
  const run = await shop.deliver('feat: open the shop');
  await shop.waitFor(run, { environment: 'production' });
  expect(await shop.marked('staging/seen')).toBe('key none, region none\n');
  shop.reject(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  expect(await shop.running('production')).toBe('');
});

/** One component's copy: its own delivery file, environments and groups. */
const component = (name: string, more = ''): Record<string, string> => {
  const config = `services/${name}/.github/delivery.yml`;
  const copy = original
    .replaceAll(/command: (\w+)/g, `command: $1, config: ${config}`)
    .replaceAll('name: staging, deployment', `name: ${name}-staging, deployment`)
    .replaceAll('name: production, deployment', `name: ${name}-production, deployment`)
    .replaceAll('environment: staging,', `environment: ${name}-staging,`)
    .replaceAll('environment: production,', `environment: ${name}-production,`)
    .replace('group: deliver-staging', `group: deliver-${name}-staging`);
  const delivery = DELIVERY.replace('  staging:', `  ${name}-staging:`)
    .replace('  production:', `  ${name}-production:`)
    .replace('[staging]', `[${name}-staging]`);
  const version = `version: { tag: '${name}-v{version}', paths: ['services/${name}/**'] }\n`;
  return { [`.github/workflows/${name}.yml`]: copy, [config]: version + delivery + more };
};

test('two components of a monorepo: each has its versions, and goes out by itself', async () => {
  const gated = { reviewers: ['bruno'] };
  const shop = await openStage({
    files: { ...PROJECT, ...component('api', 'announce: { latest: true }\n'), ...component('web') },
    environments: { 'api-staging': {}, 'api-production': gated, 'web-staging': {}, 'web-production': gated }
  });
  const { runs } = await shop.push({ 'services/api/a.txt': 'a', 'services/web/a.txt': 'a' }, 'feat: both');
  for (const [at, name] of ['api', 'web'].entries()) {
    const run = runs[at];
    if (run === undefined) throw new Error(`no run for ${name}`);
    await shop.waitFor(run, { environment: `${name}-production` });
    shop.approve(run, `${name}-production`, 'bruno');
    await shop.waitFor(run, 'completed');
    expect(await shop.running(`${name}-production`)).toBe('0.1.0');
    expect(latestIn(await shop.hub.snapshot())).toBe('api-v0.1.0');
  }
  const later = (await shop.push({ 'services/api/b.txt': 'b' }, 'feat: the api alone')).runs;
  const [api, web] = later;
  if (api === undefined || web === undefined) throw new Error(`${later.length} runs`);
  await shop.waitFor(api, { environment: 'api-production' });
  expect(shop.told(await shop.waitFor(web, 'completed'))).toMatchObject({
    build: 'success nothing-to-do/nothing-to-release',
    production: 'skipped'
  });
  shop.approve(api, 'api-production', 'bruno');
  await shop.waitFor(api, 'completed');
  expect([await shop.running('api-production'), await shop.running('web-production')]).toEqual(['0.2.0', '0.1.0']);
  const after = await shop.hub.snapshot();
  expect(after.tags.map(({ name }) => name)).toEqual(['api-v0.1.0', 'api-v0.2.0', 'web-v0.1.0']);
  expect(latestIn(after)).toBe('api-v0.2.0');
  expect(after.releases.map(({ prerelease }) => prerelease)).toEqual([false, false, false]);
});

test('language: pt-BR in the delivery file: card, sentences and notes in Portuguese', async () => {
  const portuguese = deliverySaying('build:\n', 'language: pt-BR\nbuild:\n');
  const shop = await openStage({ files: { ...LINE, [CONFIG]: portuguese[CONFIG] ?? '' } });
  const run = await shop.deliver('feat: abre a loja');
  await shop.waitFor(run, { environment: 'production' });
  const card = shop.summaries(run).join('\n');
  for (const words of ['Versão', 'Quem pode aprovar', 'bruno', 'Comprovada', 'abre a loja'])
    expect(card).toContain(words);
  expect(shop.job(run, 'propose').log.join('\n')).toContain('espera');
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  expect(shop.job(run, 'production').log.join('\n')).toContain('A versão 0.1.0');
  expect((await shop.hub.snapshot()).releases[0]?.body).toContain('mudança');
});
