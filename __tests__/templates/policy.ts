import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { COMMANDS, INPUTS_OF, OUTPUTS } from '../../src/contract.ts';
import { PERMISSIONS } from '../../src/domain/permissions.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { parse } from '../../src/parse.ts';
import { KNOWN_ACTIONS } from '../../scripts/lint-workflows/known-actions.ts';
import { PLACEHOLDER } from '../../scripts/pin-templates/template.ts';
import { stepEnvironment } from '../step-environment.ts';
import { previewTurns, previews } from './preview-rules.ts';
import { afterRuns, keptReports, sites } from './report-rules.ts';
import { differences, jobsOf, scopesOf, stepsOf } from './rule.ts';
import type { Rule } from './rule.ts';
import { askedFor, commandsIn, expressionsOf, isOurs } from './workflow.ts';
import type { Job, Step, WorkflowFile } from './workflow.ts';

/** `workflow_run` has rules of its own. */
const TRIGGERS = new Set(['push', 'pull_request', 'schedule', 'workflow_dispatch', 'workflow_call', 'workflow_run']);

/** The version that the templates of this repository name, with `v`. */
export const VERSION = `v${v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync('package.json', 'utf8'))).version}`;

/** Those that run with the rights of the repository on what strangers wrote are not among them. */
const triggers: Rule = ({ workflow }) =>
  Object.keys(workflow.on)
    .filter((name) => !TRIGGERS.has(name))
    .map((name) => `trigger ${name} is not allowed`);

const scopes: Rule = (file) => [
  ...(Object.keys(file.workflow.permissions ?? { all: '' }).length === 0 ? [] : ['permissions on top must be {}']),
  ...jobsOf(file).flatMap(([id, job]) => (job.permissions === undefined ? [`${id} names no permissions`] : []))
];

/** What every run of a command needs; scopes that only some repositories need are named in a comment. */
export const leastScopes = (command: string): readonly string[] | undefined => {
  const known = COMMANDS.find((name) => name === command);
  if (known === undefined) return undefined;
  return Object.entries(PERMISSIONS[known])
    .filter(([, why]) => !why.includes('(only with'))
    .map(([scope]) => scope);
};

/** A private repository is checked out by whoever may read it. */
const scopeOfCheckout = ({ steps }: Job, needs: readonly string[]): readonly string[] =>
  steps.some(({ uses }) => uses?.startsWith('actions/checkout@') === true) &&
  !needs.some((scope) => scope.startsWith('contents: '))
    ? ['contents: read']
    : [];

const leastPrivilege: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    const commands = commandsIn(job).map((step) => String(step.with['command']));
    const unknown = commands.filter((command) => leastScopes(command) === undefined);
    if (unknown.length > 0) return [`${id} runs an unknown command: ${unknown.join(', ')}`];
    if (commands.length === 0) return [];
    const needs = commands.flatMap((command) => leastScopes(command) ?? []);
    return differences(id, scopesOf(job), [...needs, ...scopeOfCheckout(job, needs)]);
  });

const inputs: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) =>
    commandsIn(job).flatMap((step) => {
      const command = COMMANDS.find((name) => name === step.with['command']);
      if (command === undefined) return [`${id}: ${String(step.with['command'])} is no command`];
      const taken: readonly string[] = INPUTS_OF[command];
      return Object.keys(step.with)
        .filter((input) => !taken.includes(input))
        .map((input) => `${id}: ${command} does not take ${input}`);
    })
  );

/** What an expression may come to when the step runs. */
const COMES_TO: Readonly<Record<string, string | undefined>> = {
  config: '.github/delivery.yml',
  environment: 'staging',
  version: '1.4.2',
  reason: 'prices look odd',
  override: 'freeze',
  language: 'en'
};

const atRunTime = (given: Step['with']): Record<string, string> => {
  const others = given['command'] === 'down' ? { ...COMES_TO, environment: 'pr-12' } : COMES_TO;
  return Object.fromEntries(
    Object.entries(given).map(([input, value]) => [
      input,
      String(value).includes('${{') ? (others[input] ?? String(value)) : String(value)
    ])
  );
};

/** The action itself takes the step: nothing required is missing, no value is wrong. */
const accepted: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) =>
    commandsIn(job).flatMap((step) => {
      try {
        parse(stepEnvironment(atRunTime(step.with)));
        return [];
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return [`${id}: the action refuses its step: ${error.message}`];
      }
    })
  );

const noExpressionsInScripts: Rule = (file) =>
  stepsOf(file).flatMap(({ run }) => (run?.includes('${{') === true ? [`an expression inside a script: ${run}`] : []));

const bringsCache = ({ uses = '', with: given }: Step): boolean =>
  uses.startsWith('actions/cache') ||
  ('cache' in given && given['cache'] !== false) ||
  (uses.startsWith('actions/setup-node@') && given['package-manager-cache'] !== false);

const noCaches: Rule = (file) =>
  stepsOf(file)
    .filter(bringsCache)
    .map(({ uses }) => `${uses ?? ''} brings a cache into the line`);

/** Nobody is trusted by a name that others may bear, and nothing of strangers is checked out with our rights. */
const noBackDoors: Rule = (file) => [
  ...jobsOf(file).flatMap(([id, job]) =>
    [job.if, ...job.steps.map((step) => step.if)].some((condition) => condition?.includes('github.actor') === true)
      ? [`${id} decides by who acts`]
      : []
  ),
  ...stepsOf(file).flatMap(({ with: given }) =>
    'allow-unsafe-pr-checkout' in given ? ['a checkout takes what strangers wrote'] : []
  )
];

const noCredentialsLeft: Rule = (file) =>
  stepsOf(file)
    .filter(
      ({ uses, with: given }) =>
        uses?.startsWith('actions/checkout@') === true && given['persist-credentials'] !== false
    )
    .map(() => 'a checkout leaves its credentials on disk');

const USES = /uses: (?<action>[^\s,}]+)(?<rest>.*)$/;

/** What stands behind `uses:` in a line of the file, comments included, since they tell the version. */
const pinProblem = (action: string, comment: string | undefined): string | undefined => {
  if (action === './.esteira') return undefined;
  if (action === PLACEHOLDER) return comment === VERSION ? undefined : `${action} must say # ${VERSION}`;
  const [name = '', commit] = action.split('@');
  const known = KNOWN_ACTIONS[name];
  if (known === undefined) return `${name} is not an action we know`;
  if (commit !== known.commit) return `${name} must be pinned to ${known.commit}`;
  return comment === known.version ? undefined : `${name} must say # ${known.version}`;
};

const pins: Rule = ({ text }) =>
  text.split('\n').flatMap((line) => {
    const { action, rest } = USES.exec(line)?.groups ?? {};
    if (action === undefined) return [];
    const comment = / # (v\d\S*)/.exec(rest ?? '')?.[1];
    const problem = pinProblem(action, comment);
    return problem === undefined ? [] : [problem];
  });

const deadlines: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) =>
    job.uses === undefined && job['timeout-minutes'] === undefined ? [`${id} has no deadline`] : []
  );

/** A job that waits for its approval holds its group, and with it everybody behind. */
const waitsForAPerson = (job: Job): boolean => job.needs.includes('propose');

const deliveries: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    if (!commandsIn(job).some((step) => step.with['command'] === 'deploy')) return [];
    const { concurrency, environment } = job;
    const queue = typeof concurrency === 'object' ? concurrency.queue : undefined;
    return [
      ...(environment?.deployment === false ? [] : [`${id} must name its environment, with deployment: false`]),
      ...(waitsForAPerson(job) && concurrency !== undefined ? [`${id} holds a group while it waits`] : []),
      ...(!waitsForAPerson(job) && queue !== 'max' ? [`${id} must queue, and drop nothing`] : [])
    ];
  });

/** The checkout gives these commands the delivery file: a freeze written while a run waited must be in it. */
const rulesOfNow: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    const decides = commandsIn(job).some((step) => ['propose', 'deploy'].includes(String(step.with['command'])));
    const [checkout] = job.steps;
    return decides && checkout?.with['ref'] !== '${{ github.ref }}' ? [`${id} decides by the rules of the past`] : [];
  });

/** What is over is over: no failed announcement makes a delivery look failed, and a rollback is announced, too. */
const announcements: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    if (!commandsIn(job).some((step) => step.with['command'] === 'announce')) return [];
    return [
      ...(job['continue-on-error'] === true ? [] : [`${id} must not turn the run red`]),
      ...(job.if?.includes('!cancelled()') === true ? [] : [`${id} must run after a failure, too`]),
      ...(typeof job.concurrency === 'object' && job.concurrency.queue === 'max' ? [] : [`${id} must queue`])
    ];
  });

const knownIn =
  ({ workflow }: WorkflowFile) =>
  (expression: string): readonly string[] => {
    const declared = askedFor({ ...workflow });
    const names = (pattern: RegExp): readonly string[] =>
      [...expression.matchAll(pattern)].map(([, name]) => name ?? '');
    return [
      ...names(/\bsecrets\.([\w-]+)/g)
        .filter((name) => !(name in declared.secrets))
        .map((name) => `secrets.${name}`),
      ...names(/\binputs\.([\w-]+)/g)
        .filter((name) => !(name in declared.inputs))
        .map((name) => `inputs.${name}`),
      ...names(/\bvars\.([\w-]+)/g).map((name) => `vars.${name}`)
    ];
  };

const declared: Rule = (file) =>
  expressionsOf(file)
    .flatMap(knownIn(file))
    .map((name) => `${name} is not declared`);

const allIn = (value: unknown): string => JSON.stringify(value);

/** What a step of ours or of an action we know may be asked for. */
const outputsOf = (step: Step): readonly string[] =>
  isOurs(step) ? OUTPUTS : (KNOWN_ACTIONS[step.uses?.split('@')[0] ?? '']?.outputs ?? []);

/** `needs.x` stands in the job's needs, and the job x has the output; `steps.x` is a step with that output. */
const references: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    const text = allIn(job);
    const jobs = [...text.matchAll(/\bneeds\.(\w+)\.outputs\.(\w+)/g)].flatMap(([, of = '', output = '']) =>
      job.needs.includes(of) && output in (file.workflow.jobs[of]?.outputs ?? {})
        ? []
        : [`${id}: needs.${of}.outputs.${output} is nothing`]
    );
    const steps = [...text.matchAll(/\bsteps\.(\w+)\.outputs\.([\w-]+)/g)].flatMap(([, of = '', output = '']) =>
      job.steps.some((step) => step.id === of && outputsOf(step).includes(output))
        ? []
        : [`${id}: steps.${of}.outputs.${output} is nothing`]
    );
    return [...jobs, ...steps];
  });

const RULES: readonly Rule[] = [
  triggers,
  afterRuns,
  keptReports,
  sites,
  previews,
  previewTurns,
  scopes,
  leastPrivilege,
  inputs,
  accepted,
  noExpressionsInScripts,
  noCaches,
  noBackDoors,
  noCredentialsLeft,
  pins,
  deadlines,
  deliveries,
  rulesOfNow,
  announcements,
  declared,
  references
];

export const problemsOf = (file: WorkflowFile): readonly string[] => RULES.flatMap((rule) => rule(file));
