import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { parse } from 'yaml';
import { differences, jobsOf, scopesOf, stepsOf } from './rule.ts';
import type { Rule } from './rule.ts';
import { DEFAULTS } from '../../src/contract.ts';
import { REPORT_NAME } from '../../src/commands/report-earlier.ts';
import { commandsIn, expressionsOf } from './workflow.ts';
import type { Step } from './workflow.ts';

const Named = v.object({ name: v.string() });
const nameIn = (template: string): string =>
  v.parse(Named, parse(readFileSync(`workflows-templates/${template}.yml`, 'utf8'))).name;

/** After runs of these, which strangers cannot start. */
const DELIVERIES = ['continuous-delivery', 'continuous-deployment', 'deploy-version'].map(nameIn);
const ONLY_TRIGGER = { workflows: DELIVERIES, types: ['completed'], branches: ['main'] };
const BESIDE = ['workflow_run', 'schedule', 'workflow_dispatch'];

const takesFromElsewhere = ({ uses = '', run, with: given }: Step): readonly string[] => [
  ...(run === undefined ? [] : ['runs a script']),
  ...(uses.startsWith('actions/download-artifact@') ? ['takes files of a run'] : []),
  ...(uses.startsWith('actions/checkout@') && !isDeepStrictEqual(given, { 'persist-credentials': false })
    ? ['checks out something else than the default branch']
    : [])
];

/**
 * `workflow_run` acts with the rights of the repository after whatever ran before. It is let in where nothing of that run
 * can come along: its code, its files, its words.
 */
export const afterRuns: Rule = (file) => {
  const { on } = file.workflow;
  if (!('workflow_run' in on)) return [];
  const problems = [
    ...(isDeepStrictEqual(on['workflow_run'], ONLY_TRIGGER)
      ? []
      : ['follows others than deliveries of main that ended']),
    ...Object.keys(on)
      .filter((name) => !BESIDE.includes(name))
      .map((name) => `has the trigger ${name} as well`),
    ...stepsOf(file).flatMap(takesFromElsewhere),
    ...(expressionsOf(file).some((each) => /\bgithub\b/.test(each)) ? ['reads the event'] : []),
    ...jobsOf(file).flatMap(([, job]) => (job.uses === undefined ? [] : ['calls another workflow'])),
    ...jobsOf(file)
      .flatMap(([, job]) => commandsIn(job))
      .filter((step) => step.with['command'] !== 'report')
      .map((step) => `runs ${String(step.with['command'])}`)
  ];
  return problems.map((problem) => `a workflow after another run ${problem}`);
};

const KEPT = { path: `${DEFAULTS['output-dir']}/${REPORT_NAME}`, archive: false, 'retention-days': 10 };

/** What the next report looks for has its very name, is no archive, and outlives the week between two Mondays. */
const isKeeping = ({ uses = '', with: given }: Step): boolean =>
  uses.startsWith('actions/upload-artifact@') && isDeepStrictEqual({ ...given }, KEPT);

/** A step may fail unseen only where nothing but calls depends on it. */
export const keptReports: Rule = (file) => [
  ...stepsOf(file)
    .filter((step) => step['continue-on-error'] === true && !isKeeping(step))
    .map(({ uses = 'a script' }) => `${uses} may not fail unseen`),
  ...jobsOf(file).flatMap(([id, job]) =>
    commandsIn(job).some((step) => step.with['command'] === 'report') && !job.steps.some(isKeeping)
      ? [`${id} keeps no report for the next one`]
      : []
  )
];

const SITE_SCOPES = ['pages: write', 'id-token: write'];

/** Whoever may replace the site does nothing else, through the environment that says from which branch. */
export const sites: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    if (!job.steps.some(({ uses }) => uses?.startsWith('actions/deploy-pages@') === true)) {
      const kept = scopesOf(job).filter((scope) => SITE_SCOPES.includes(scope));
      return kept.map((scope) => `${id} has ${scope} and publishes nothing`);
    }
    return [
      ...differences(id, scopesOf(job), SITE_SCOPES),
      ...(job.steps.length === 1 ? [] : [`${id} must publish and do nothing else`]),
      ...(job.environment?.name === 'github-pages' ? [] : [`${id} must name the environment github-pages`])
    ];
  });
