import type { Scenario, Texts } from '../scenario.ts';
import { own } from './shop.ts';

/** One push that runs one workflow. */
const one = (name: string, workflow: string, more: Partial<Scenario> = {}): Scenario => ({
  name,
  moves: [{ kind: 'push', workflow, message: 'feat: a change', files: { 'change.txt': 'one\n' } }],
  ...more,
  files: { ...own(workflow), ...more.files }
});

const CALLED: Texts = own('called.yml');

/** What every workflow stands on. */
export const RULES: readonly Scenario[] = [
  one('needs, if, skipping, and always() after a failure', 'needs.yml'),
  one('steps: env, outputs of several lines, forgiven failures, GITHUB_ENV and GITHUB_PATH, pipefail', 'steps.yml'),
  one('expressions, and the contexts of a push', 'expressions.yml', { vars: { COLOUR: 'green' } }),
  one('a matrix from an output, exclude and include, results and outputs of its legs', 'matrix.yml'),
  one('reusable workflows, of this repository and of another: inputs, secrets, outputs', 'caller.yml', {
    files: CALLED,
    repositories: { 'acme/kit@v1': CALLED },
    secrets: { WORD: 'swordfish', OTHER: 'not passed on' }
  })
];
