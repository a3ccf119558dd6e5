import type { Dispatch, Push, Scenario } from '../scenario.ts';
import { own, shop, template } from './shop.ts';

const push = (workflow: string, message: string, state = 'well'): Push => ({
  kind: 'push',
  workflow,
  message,
  files: { 'state.txt': `${state}\n`, 'change.txt': `${message}\n` }
});

const DEPLOYMENT = 'continuous-deployment.yml';
const DELIVERY = 'continuous-delivery.yml';

const LINE = 'release-line.yml';

/** Only changes that people notice are released. */
const picky = (): Scenario['files'] => {
  const { files } = shop('none');
  return {
    ...files,
    '.github/delivery.yml': `version: { release-on: conventional }\n${files['.github/delivery.yml'] ?? ''}`
  };
};

const asked = (version: string): Dispatch => ({
  kind: 'dispatch',
  workflow: 'deploy-version.yml',
  inputs: { version, environment: 'production', reason: 'the basket is empty' }
});

/** What Esteira is for. */
export const DELIVERIES: readonly Scenario[] = [
  {
    name: 'versions: the first, a feature, a fix, a breaking change, and nothing to release',
    ...shop('none'),
    files: { ...picky(), ...own(LINE) },
    moves: [
      push(LINE, 'feat: open the shop'),
      push(LINE, 'feat: a basket'),
      push(LINE, 'fix: the sum'),
      push(LINE, 'feat!: prices in cents'),
      push(LINE, 'docs: how to buy')
    ]
  },
  {
    name: 'continuous deployment, the templates: two versions, the older one by hand, again, an unknown one; a broken version rolled back, a stopped line',
    ...shop('none'),
    files: { ...shop('none').files, ...template(DEPLOYMENT), ...template('deploy-version.yml') },
    environments: { staging: {}, production: {} },
    moves: [
      push(DEPLOYMENT, 'feat: open the shop'),
      push(DEPLOYMENT, 'feat: a basket'),
      asked('0.1.0'),
      asked('0.1.0'),
      asked('9.9.9'),
      push(DEPLOYMENT, 'feat: discounts', 'ill in production'),
      push(DEPLOYMENT, 'fix: discounts')
    ]
  },
  {
    name: 'continuous delivery, the template: approved, and approved again',
    ...shop('approval'),
    files: { ...shop('approval').files, ...template(DELIVERY) },
    environments: { staging: {}, production: { reviewers: ['bruno'] } },
    moves: [
      { ...push(DELIVERY, 'feat: open the shop'), approve: { environment: 'production', by: 'bruno' } },
      { ...push(DELIVERY, 'feat: a basket'), approve: { environment: 'production', by: 'bruno' } }
    ]
  },
  {
    name: 'plan, of a push and of a pull request',
    ...shop('none'),
    files: { ...shop('none').files, ...own('plan.yml') },
    moves: [
      push('plan.yml', 'feat: open the shop'),
      {
        kind: 'pull-request',
        workflow: 'plan.yml',
        message: 'feat: a basket',
        files: { 'basket.txt': 'empty\n' },
        branch: 'basket',
        number: 7
      }
    ]
  }
];
