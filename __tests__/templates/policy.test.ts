import { describe, expect, test } from '@jest/globals';
import { VERSION, problemsOf } from './policy.ts';
import { TEMPLATES, WORKFLOWS, parseWorkflow, readWorkflow } from './workflow.ts';

const DELIVERY = readWorkflow('workflows-templates/continuous-delivery.yml');
const REPORT = readWorkflow('workflows-templates/delivery-report.yml');
const PREVIEW = readWorkflow('workflows-templates/preview.yml');
const LINE = readWorkflow('.github/workflows/delivery.yml');

/** The file with one change, which must be possible. */
const changed = ({ path, text }: typeof DELIVERY, from: string | RegExp, to: string): typeof DELIVERY => {
  const other = text.replace(from, to);
  expect(other).not.toBe(text);
  return { path, text: other, workflow: parseWorkflow(other) };
};

describe('policy', () => {
  test.each([...TEMPLATES, ...WORKFLOWS])('%s keeps every rule', (path) => {
    expect(problemsOf(readWorkflow(path))).toEqual([]);
  });

  test.each<[string, string | RegExp, string, string]>([
    [
      'a trigger that runs for strangers',
      'push: { branches',
      'pull_request_target: { branches',
      'trigger pull_request_target'
    ],
    ['the comment of a stranger', 'on: {', 'on: { issue_comment: {}, ', 'trigger issue_comment'],
    ['scopes for all jobs', 'permissions: {}', 'permissions: { contents: read }', 'on top must be {}'],
    ['no scopes', /^ {4}permissions: \{ contents: read \}.*\n/m, '', 'build names no permissions'],
    [
      'a scope too many',
      'permissions: { contents: read }',
      'permissions: { contents: read, id-token: write }',
      'id-token: write, which'
    ],
    ['a scope too few', 'deployments: write, ', '', 'staging needs deployments: write'],
    [
      'more than reading',
      'permissions: { contents: read }',
      'permissions: { contents: write }',
      'build has contents: write'
    ],
    [
      'an input of another command',
      '{ command: build }',
      '{ command: build, environment: staging }',
      'build does not take environment'
    ],
    ['an input of nobody', '{ command: build }', '{ command: build, files: dist }', 'build does not take files'],
    [
      'an input that its command needs',
      'command: deploy, environment: staging, ',
      'command: deploy, ',
      'staging: the action refuses its step: invalid-input: {"input":"environment"'
    ],
    [
      'a value nobody takes',
      '{ command: build }',
      '{ command: build, dry-run: maybe }',
      'build: the action refuses its step: invalid-input: {"input":"dry-run"'
    ],
    ['no such command', '{ command: build }', '{ command: bulid }', 'bulid is no command'],
    [
      'an expression in a script',
      '      - uses: actions/upload',
      "      - run: echo '${{ github.ref }}'\n      - uses: actions/upload",
      'inside a script'
    ],
    [
      'a cache',
      '      - uses: actions/upload',
      '      - uses: actions/cache@v4\n      - uses: actions/upload',
      'brings a cache'
    ],
    [
      'a cache nobody asked for',
      '      - uses: actions/upload',
      '      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020\n      - uses: actions/upload',
      'brings a cache'
    ],
    [
      'trust in a name',
      '    if: needs.propose',
      "    if: github.actor == 'dependabot[bot]' && needs.propose",
      'decides by who acts'
    ],
    [
      'the head of a fork',
      '{ persist-credentials: false }',
      '{ persist-credentials: false, allow-unsafe-pr-checkout: true }',
      'takes what strangers wrote'
    ],
    ['credentials on disk', 'persist-credentials: false', 'persist-credentials: true', 'leaves its credentials'],
    ['a movable pin', /actions\/checkout@[0-9a-f]{40}/, 'actions/checkout@v7', 'actions/checkout must be pinned'],
    ['a pin without its version', ' # v7.0.0', '', 'actions/upload-artifact must say # v7.0.0'],
    ['a pin with another version', ' # v7.0.0', ' # v6.0.0', 'actions/upload-artifact must say # v7.0.0'],
    ['our pin with another version', ` # ${VERSION}`, ' # v0.0.9', 'must say # v'],
    ['an action of others', 'actions/download-artifact@', 'someone/download-artifact@', 'is not an action we know'],
    ['no deadline', 'timeout-minutes: 15, ', '', 'propose has no deadline'],
    ['a second record', 'staging, deployment: false', 'staging', 'staging must name its environment, with'],
    [
      'a group held while waiting',
      '    if: needs.propose',
      '    concurrency: { group: x, queue: max }\n    if: needs.propose',
      'holds a group'
    ],
    ['rules of the past', "ref: '${{ github.ref }}', ", '', 'staging decides by the rules of the past'],
    ['a queue that drops', ', queue: max', '', 'staging must queue'],
    [
      'an announcement that turns the run red',
      'continue-on-error: true',
      'continue-on-error: false',
      'announce must not'
    ],
    ['an announcement of successes only', '!cancelled() && ', '', 'announce must run after a failure'],
    ['announcements beside each other', 'group: announce, queue: max', 'group: announce', 'announce must queue'],
    [
      'a secret out of nowhere',
      '{ command: build }',
      "{ command: build, token: '${{ secrets.DEPLOY_KEY }}' }",
      'secrets.DEPLOY_KEY is not'
    ],
    [
      'a variable out of nowhere',
      '{ command: build }',
      "{ command: build, config: '${{ vars.CONFIG }}' }",
      'vars.CONFIG is not'
    ],
    [
      'an input out of nowhere',
      '{ command: build }',
      "{ command: build, config: '${{ inputs.config }}' }",
      'inputs.config is not'
    ],
    [
      'a job that is not waited for',
      'needs: [release, propose]',
      'needs: [propose]',
      'needs.release.outputs.version is nothing'
    ],
    [
      'an output of nobody',
      'steps.release.outputs.version',
      'steps.release.outputs.number',
      'steps.release.outputs.number is nothing'
    ],
    [
      'a step of nobody',
      'steps.release.outputs.version',
      'steps.relaese.outputs.version',
      'steps.relaese.outputs.version is nothing'
    ],
    ['a job output of nobody', 'outputs: { version:', 'outputs: { number:', 'needs.release.outputs.version is nothing']
  ])('%s is found', (_, from, to, problem) => {
    expect(problemsOf(changed(DELIVERY, from, to)).join('\n')).toContain(problem);
  });

  test.each<[string, string | RegExp, string, string]>([
    ['every workflow', '[continuous delivery, continuous', "['*', continuous", 'follows others than deliveries'],
    ['a workflow that strangers start', '[continuous delivery,', '[ci, continuous delivery,', 'follows others than'],
    ['every branch', ', branches: [main]', '', 'follows others than deliveries of main that ended'],
    [
      'what only began',
      'types: [completed]',
      'types: [requested]',
      'follows others than deliveries of main that ended'
    ],
    ['a push of anybody', '  schedule:\n', '  pull_request:\n  schedule:\n', 'has the trigger pull_request as well'],
    [
      'the code of the run before',
      '{ persist-credentials: false }',
      "{ persist-credentials: false, ref: '${{ steps.x.outputs.sha }}' }",
      'checks out something else than the default branch'
    ],
    [
      'the code of a fork',
      '{ persist-credentials: false }',
      '{ persist-credentials: false, repository: someone/fork }',
      'checks out something else than the default branch'
    ],
    [
      'the files of the run before',
      'actions/upload-pages-artifact@',
      'actions/download-artifact@',
      'takes files of a run'
    ],
    [
      'the words of the run before',
      '{ command: report }',
      "{ command: report, config: '${{ github.event.workflow_run.head_branch }}' }",
      'reads the event'
    ],
    [
      'all words at once',
      '{ command: report }',
      "{ command: report, config: '${{ toJSON(github) }}' }",
      'reads the event'
    ],
    [
      'a condition on its words',
      '    needs: report\n',
      "    needs: report\n    if: github.event.workflow_run.head_branch == 'main'\n",
      'reads the event'
    ],
    ['a script', /- \{ uses: actions\/upload-pages.*/, "- { run: 'ls .delivery' }", 'runs a script'],
    [
      'a command that changes something',
      'command: report',
      'command: release',
      'a workflow after another run runs release'
    ],
    [
      'a workflow of others',
      /    runs-on: ubuntu-24.04\n    timeout-minutes: 15\n    permissions: \{ pages/,
      '    uses: someone/else/.github/workflows/x.yml@main\n    permissions: { pages',
      'calls another workflow'
    ],
    ['a report that is packed', 'archive: false', 'archive: true', 'report keeps no report for the next one'],
    ['a report of another name', 'delivery.json', 'index.html', 'report keeps no report for the next one'],
    ['a report that ends with the week', 'retention-days: 10', 'retention-days: 7', 'report keeps no report'],
    [
      'a step that fails unseen',
      '{ command: report } }',
      '{ command: report }, continue-on-error: true }',
      'may not fail unseen'
    ],
    ['an identity for nothing', 'actions/deploy-pages@', 'actions/checkout@', 'id-token: write and publishes nothing'],
    ['a site without identity', ', id-token: write', '', 'publish needs id-token: write'],
    [
      'a publisher that may write more',
      '{ pages: write',
      '{ contents: write, pages: write',
      'publish has contents: write'
    ],
    ['a publisher without its environment', 'name: github-pages', 'name: production', 'environment github-pages'],
    [
      'a publisher that does more',
      '      - { id: pages',
      '      - { uses: actions/checkout@x, with: { persist-credentials: false } }\n      - { id: pages',
      'publish must publish and do nothing else'
    ],
    ['an output that the action lacks', 'outputs.page_url', 'outputs.page', 'steps.pages.outputs.page is nothing']
  ])('after another run: %s is found', (_, from, to, problem) => {
    expect(problemsOf(changed(REPORT, from, to)).join('\n')).toContain(problem);
  });

  test.each<[string, string | RegExp, string, string]>([
    ['the trial merge', "ref: '${{ github.event.pull_request.head.sha }}', ", '', 'up must check out the commit'],
    [
      'a branch that may be gone',
      'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1, with: { ',
      "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1, with: { ref: '${{ github.head_ref }}', ",
      'down must need no branch'
    ],
    ['the secrets of another environment', 'name: preview, deployment', 'name: staging, deployment', 'up must name'],
    ['a second record', ', deployment: false', '', 'up must name the environment preview, with deployment: false'],
    [
      'a machine for forks',
      ' && github.event.pull_request.head.repo.full_name == github.repository #',
      ' #',
      'up starts a machine for forks'
    ],
    [
      'a machine for a fork that is closed',
      " == 'closed' && github.event.pull_request.head.repo.full_name == github.repository)",
      " == 'closed')",
      'down starts a machine for forks'
    ],
    ['runs beside each other', /concurrency:.*\n.*\n.*\n/, '', 'runs about one pull request go beside each other'],
    ['one queue for all', "format('pr-{0}', github.event.number)", "'all'", 'pull requests wait for others'],
    ['a daily run cut short', 'github.event.number > 0', 'true', 'a push must end the run before it'],
    ['a checkout without its right', '{ contents: read, ', '{ ', 'up needs contents: read'],
    ['rights of strangers', 'pull_request: {', 'pull_request_target: {', 'trigger pull_request_target'],
    ['a name that is no preview', 'command: up, environment: preview', 'command: up, environment: staging', 'refuses']
  ])('of previews: %s is found', (_, from, to, problem) => {
    expect(problemsOf(changed(PREVIEW, from, to)).join('\n')).toContain(problem);
  });

  test('what a pull request brings is checked out by nobody else', () => {
    const other = changed(
      DELIVERY,
      'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1, with: { ',
      "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1, with: { ref: '${{ github.event.pull_request.head.sha }}', "
    );
    expect(problemsOf(other)).toContain('build checks out what a pull request brings');
  });

  test('what a called workflow does not declare is found', () => {
    expect(problemsOf(changed(LINE, '      retention-days:\n', '      retention:\n'))).toContain(
      'inputs.retention-days is not declared'
    );
  });
});
