import { join } from 'node:path';
import type { Scenario, Texts } from '../scenario.ts';
import { WORKFLOWS, own, textOf } from './shop.ts';

/** One push that runs one workflow. */
const one = (name: string, workflow: string, more: Partial<Scenario> = {}): Scenario => ({
  name,
  moves: [{ kind: 'push', workflow, message: 'feat: a change', files: { 'change.txt': 'one\n' } }],
  ...more,
  files: { ...own(workflow), ...more.files }
});

const CALLED: Texts = own('called.yml');

/** The action lies in the repository itself as well. */
const KEEPS: Texts = Object.fromEntries(
  ['action.yml', 'main.mjs', 'post.mjs'].map((name) => [`actions/keeps/${name}`, textOf(`actions/keeps/${name}`)])
);

/** What every workflow stands on. */
export const RULES: readonly Scenario[] = [
  one('needs, if, skipping, and always() after a failure', 'needs.yml'),
  one('steps: env, outputs of several lines, forgiven failures, GITHUB_ENV and GITHUB_PATH, pipefail', 'steps.yml'),
  one('scripts: shells, folders, env, odd outputs, hashFiles, failure()', 'scripts.yml'),
  one('actions, of this repository and of another: inputs, outputs, state, post steps', 'actions.yml', {
    files: KEEPS,
    actions: { 'acme/keeps@v1': join(WORKFLOWS, 'actions', 'keeps') }
  }),
  {
    name: 'inputs of a run by hand, and their types',
    files: own('inputs.yml'),
    environments: { staging: {} },
    moves: [
      { kind: 'dispatch', workflow: 'inputs.yml', inputs: { text: 'hello', where: 'staging' } },
      {
        kind: 'dispatch',
        workflow: 'inputs.yml',
        inputs: { text: 'a "b" $c', choice: 'red', no: 'true', where: 'staging' }
      }
    ]
  },
  one('expressions, and the contexts of a push', 'expressions.yml', { vars: { COLOUR: 'green' } }),
  one('a matrix from an output, exclude and include, results and outputs of its legs', 'matrix.yml'),
  one('reusable workflows, of this repository and of another: inputs, secrets, outputs', 'caller.yml', {
    files: CALLED,
    repositories: { 'acme/kit@v1': CALLED },
    secrets: { WORD: 'swordfish', OTHER: 'not passed on' }
  })
];
