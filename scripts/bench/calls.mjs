// What each command costs: requests to GitHub counted by the hub of the rehearsal, and seconds, through the real dist.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf, figureOf, judged } from './figures.ts';
import { folderOf } from './options.ts';
import { openShop } from './shop.ts';

/**
 * API calls, asset downloads apart. That of production is a promise; the others are what each step needs, so that
 * one more is noticed: plan asks everything in one query, build asks git only, release looks (3), tags (2), drafts
 * and looks whether an older draft is there (2), uploads two files and publishes, staging has no approval to read and no record to retire, verify asks for the record,
 * then for its release and the files of it.
 */
const BUDGETS = {
  plan: 1,
  build: 0,
  release: 10,
  'deploy to staging': 6,
  'deploy to production': 8,
  verify: 3,
  rollback: 8
};

/** One version all the way, checked, and back again. What each step cost, by its name in BUDGETS. */
const deliver = async (shop, number) => {
  const commit = await shop.commit(`feat: shelf ${number}`);
  const run = shop.start(commit);
  const steps = [];
  const job = async (name, request) => {
    const end = await shop.job({ run, commit, ...request });
    steps.push({ name, ...end });
    return end;
  };
  await job('plan', { command: 'plan' });
  const { version, artifact } = await job('build', { command: 'build' });
  await job('release', { command: 'release', artifact });
  await job('deploy to staging', { command: 'deploy', inputs: { environment: 'staging', version } });
  shop.approve(run);
  await job('deploy to production', { command: 'deploy', inputs: { environment: 'production', version } });
  await job('verify', { command: 'verify', inputs: { environment: 'production' } });
  shop.finish(run);
  return steps;
};

const goBack = async (shop, number) => {
  const commit = await shop.commit(`docs: shelf ${number} looked odd`);
  const run = shop.start(commit);
  shop.approve(run);
  const inputs = { environment: 'production', reason: 'prices look odd' };
  const end = await shop.job({ command: 'rollback', run, commit, inputs });
  shop.finish(run);
  return { name: 'rollback', ...end };
};

const range = (numbers) => [...new Set([Math.min(...numbers), Math.max(...numbers)])].join('..');

/** `a, b x3`: names in the order they were called. */
const listed = (operations) =>
  operations
    .reduce((groups, name) => {
      const last = groups.at(-1);
      return last?.name === name
        ? [...groups.slice(0, -1), { name, times: last.times + 1 }]
        : [...groups, { name, times: 1 }];
    }, [])
    .map(({ name, times }) => (times === 1 ? name : `${name} x${times}`))
    .join(', ');

const rowOf = (name, ends) => {
  const api = ends.map(({ calls }) => calls.api);
  return {
    command: name,
    'API calls': range(api),
    downloads: range(ends.map(({ calls }) => calls.downloads)),
    'git requests': range(ends.map(({ calls }) => calls.git)),
    ...cellsOf(figureOf(ends.map(({ seconds }) => seconds)), { unit: 'median s', digits: 2 }),
    bar: `<= ${BUDGETS[name]} calls`,
    verdict: judged('', Math.max(...api) <= BUDGETS[name]).verdict
  };
};

export const run = async (options) => {
  const folder = mkdtempSync(join(folderOf(options, 'calls'), 'run-'));
  const shop = await openShop(folder);
  const rounds = options.quick ? 1 : 7;
  const steps = [];
  try {
    // The first version finds nothing to replace and nothing to go back to: it is not like the others.
    await deliver(shop, 0);
    for (let round = 1; round <= rounds; round += 1)
      steps.push(...(await deliver(shop, round)), await goBack(shop, round));
  } finally {
    await shop.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const of = (name) => steps.filter((step) => step.name === name);
  return [
    {
      title: `API calls and seconds of each command (${rounds} versions, one after the other, loopback)`,
      rows: Object.keys(BUDGETS).map((name) => rowOf(name, of(name))),
      notes: Object.keys(BUDGETS).map((name) => `${name}: ${listed(of(name).at(-1).operations) || 'none'}`)
    }
  ];
};
