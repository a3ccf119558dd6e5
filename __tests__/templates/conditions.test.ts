import { Evaluator, Lexer, Parser, data } from '@actions/expressions';
import { describe, expect, test } from '@jest/globals';
import { readWorkflow } from './workflow.ts';

type Results = Readonly<
  Record<string, { readonly result: string; readonly outputs?: Readonly<Record<string, string>> }>
>;

interface Situation {
  readonly needs: Results;
  readonly inputs?: Readonly<Record<string, boolean>>;
  readonly cancelled?: boolean;
  readonly github?: object;
}

const dictionaryOf = (value: unknown): data.Dictionary => {
  const found: unknown = JSON.parse(JSON.stringify(value), data.reviver);
  if (found instanceof data.Dictionary) return found;
  throw new Error('contexts are dictionaries');
};

const NAMES = ['needs', 'inputs', 'github'];
const answering = (value: boolean) => ({
  minArgs: 0,
  maxArgs: 0,
  call: (): data.ExpressionData => new data.BooleanData(value)
});

/** Whether a job starts, as GitHub's own evaluator sees it: without a status function, `success()` stands before it. */
const starts = (condition: string, { needs, inputs = {}, cancelled = false, github = {} }: Situation): boolean => {
  const success = !cancelled && Object.values(needs).every(({ result }) => result === 'success');
  const functions = [
    { name: 'success', ...answering(success) },
    { name: 'cancelled', ...answering(cancelled) },
    { name: 'always', ...answering(true) },
    { name: 'failure', ...answering(Object.values(needs).some(({ result }) => result === 'failure')) }
  ];
  const bare = condition.replace(/^\$\{\{(.*)\}\}$/, '$1');
  const whole = /\b(success|failure|cancelled|always)\(/.test(bare) ? bare : `success() && (${bare})`;
  const tree = new Parser(
    new Lexer(whole).lex().tokens,
    NAMES,
    functions.map(({ name, minArgs, maxArgs }) => ({ name, minArgs, maxArgs }))
  ).parse();
  const contexts = dictionaryOf({ needs, inputs, github });
  const called = new Map(functions.map((each) => [each.name, each]));
  return new Evaluator(tree, contexts, called).evaluate().coerceString() === 'true';
};

const conditionOf = (path: string, job: string): string => readWorkflow(path).workflow.jobs[job]?.if ?? '';

const GOOD = { result: 'success' };
const proposed = (changed: string) => ({ result: 'success', outputs: { changed } });

describe('continuous delivery', () => {
  const path = 'workflows-templates/continuous-delivery.yml';

  test.each([
    ['something was built', { build: { result: 'success', outputs: { decision: 'done' } } }, true],
    ['there was nothing to release', { build: { result: 'success', outputs: { decision: 'nothing-to-do' } } }, false],
    ['the build failed', { build: { result: 'failure', outputs: { decision: 'failed' } } }, false]
  ])('releases: %s', (_, needs, expected) => {
    expect(starts(conditionOf(path, 'release'), { needs })).toBe(expected);
  });

  test.each([
    ['the button is worth pressing', { release: GOOD, propose: proposed('true') }, true],
    ['the version is there already', { release: GOOD, propose: proposed('false') }, false],
    ['the proposal said nothing', { release: GOOD, propose: proposed('') }, false],
    [
      'the proposal was refused',
      { release: GOOD, propose: { result: 'failure', outputs: { changed: 'true' } } },
      false
    ],
    ['staging failed', { release: GOOD, propose: { result: 'skipped' } }, false]
  ])('asks for the button: %s', (_, needs, expected) => {
    expect(starts(conditionOf(path, 'production'), { needs })).toBe(expected);
  });
});

describe.each([
  ['workflows-templates/continuous-delivery.yml', 'production'],
  ['workflows-templates/continuous-deployment.yml', 'production'],
  ['workflows-templates/deploy-version.yml', 'deploy'],
  ['.github/workflows/delivery.yml', 'production']
])('announcements of %s', (path, job) => {
  test.each<[string, string, string | undefined, boolean]>([
    ['delivered', 'success', 'done', true],
    ['live already, perhaps not announced', 'success', 'nothing-to-do', true],
    ['broken and rolled back', 'failure', 'rolled-back', true],
    ['broken', 'failure', 'failed', true],
    ['given up at its deadline', 'cancelled', 'failed', true],
    ['superseded', 'success', 'refused', false],
    ['refused', 'failure', 'refused', false],
    ['rejected by a person, or its machine was lost', 'failure', '', false],
    ['nothing was delivered', 'skipped', undefined, false]
  ])('%s', (_, result, decision, expected) => {
    const outputs: Record<string, string> = decision === undefined ? {} : { decision };
    const needs = { [job]: { result, outputs } };
    expect(starts(conditionOf(path, 'announce'), { needs })).toBe(expected);
    expect(starts(conditionOf(path, 'announce'), { needs, cancelled: true })).toBe(false);
  });
});

describe('the line of an organisation', () => {
  const condition = conditionOf('.github/workflows/delivery.yml', 'production');
  const SKIPPED = { result: 'skipped' };

  test.each<[string, Situation, boolean]>([
    ['no gate, proven', { inputs: { gate: false }, needs: { release: GOOD, staging: GOOD, propose: SKIPPED } }, true],
    [
      'gate, worth it',
      { inputs: { gate: true }, needs: { release: GOOD, staging: GOOD, propose: proposed('true') } },
      true
    ],
    [
      'gate, not worth it',
      { inputs: { gate: true }, needs: { release: GOOD, staging: GOOD, propose: proposed('false') } },
      false
    ],
    [
      'gate, refused',
      { inputs: { gate: true }, needs: { release: GOOD, staging: GOOD, propose: { result: 'failure' } } },
      false
    ],
    [
      'no gate, not proven',
      { inputs: { gate: false }, needs: { release: GOOD, staging: { result: 'failure' }, propose: SKIPPED } },
      false
    ],
    [
      'nothing released',
      { inputs: { gate: false }, needs: { release: SKIPPED, staging: SKIPPED, propose: SKIPPED } },
      false
    ],
    [
      'cancelled',
      { inputs: { gate: false }, cancelled: true, needs: { release: GOOD, staging: GOOD, propose: SKIPPED } },
      false
    ]
  ])('%s', (_, situation, expected) => {
    expect(starts(condition, situation)).toBe(expected);
  });
});

describe('previews', () => {
  const path = 'workflows-templates/preview.yml';
  const REPOSITORY = 'acme/shop';
  const about = (event: object, name = 'pull_request') => ({
    needs: {},
    github: { event_name: name, repository: REPOSITORY, event }
  });
  const pull = (action: string, from: string | undefined) => {
    const repo = from === undefined ? null : { full_name: from };
    return about({ action, number: 12, pull_request: { head: { repo } } });
  };

  test.each<[string, Situation, boolean, boolean]>([
    ['opened', pull('opened', REPOSITORY), true, false],
    ['opened again', pull('reopened', REPOSITORY), true, false],
    ['a push', pull('synchronize', REPOSITORY), true, false],
    ['closed', pull('closed', REPOSITORY), false, true],
    ['of a fork', pull('opened', 'eve/shop'), false, false],
    ['of a fork, closed', pull('closed', 'eve/shop'), false, false],
    ['of a fork that is gone', pull('opened', undefined), false, false],
    ['of a fork that is gone, closed', pull('closed', undefined), false, false],
    ['an event that tells nothing', about({}), false, false],
    ['every day', about({ schedule: '17 4 * * *' }, 'schedule'), false, true],
    ['by hand', about({ inputs: { preview: 'pr-12' } }, 'workflow_dispatch'), false, true]
  ])('%s', (_, situation, makes, takesDown) => {
    expect(starts(conditionOf(path, 'up'), situation)).toBe(makes);
    expect(starts(conditionOf(path, 'down'), situation)).toBe(takesDown);
  });
});
