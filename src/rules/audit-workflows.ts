import { COMMANDS, OWN_VERSION } from '../contract.ts';
import type { Environment } from '../domain/environment.ts';
import type { Finding, Flaw, Severity } from '../domain/finding.ts';
import type { Concurrency, Workflow, WorkflowFile, WorkflowJob, WorkflowStep } from '../domain/workflow.ts';

interface Spot {
  readonly path: string;
  readonly line: number;
}

const at = ({ path, line }: Spot, flaw: Flaw, severity: Severity = 'note'): Finding => ({
  severity,
  flaw,
  place: { kind: 'file', path, line }
});

/** A step of this action: from its repository, whatever that is called by its copies, or from this very checkout. */
const isOurs = ({ uses = '', command }: WorkflowStep): boolean =>
  COMMANDS.some((name) => name === command) && (/(^|\/)esteira(@|$)/.test(uses) || /^(\.\/|\$\/)/.test(uses));

const isOfTheLine = ({ origin, content }: WorkflowFile): boolean =>
  origin !== undefined || (content.kind === 'read' && content.jobs.some(({ steps }) => steps.some(isOurs)));

/** The template of the report, or another workflow that writes one and publishes it. */
export const publishesReport = ({ origin, content }: WorkflowFile): boolean => {
  if (origin?.template === 'delivery-report') return true;
  const steps = content.kind === 'read' ? content.jobs.flatMap((job) => job.steps) : [];
  const publishes = steps.some(({ uses = '' }) => uses.startsWith('actions/deploy-pages@'));
  return publishes && steps.some((step) => isOurs(step) && step.command === 'report');
};

/** A full commit id; code of this repository and images named by their digest are fixed as well. */
const PINNED = /@[0-9a-f]{40}([0-9a-f]{24})?$|^(\.\/|\$\/)|^docker:\/\/.*@sha256:[0-9a-f]{64}$/;

const unpinned = (path: string, { jobs }: Workflow): readonly Finding[] =>
  jobs
    .flatMap(({ steps }) => steps)
    .flatMap(({ uses, line }) =>
      uses === undefined || PINNED.test(uses) ? [] : [at({ path, line }, { kind: 'unpinned', uses })]
    );

const delivers = (step: WorkflowStep): boolean =>
  isOurs(step) && (step.command === 'deploy' || step.command === 'rollback');

const isExpression = (text: string): boolean => text.includes('${{');

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The environments with a button that this text may name. */
const gatedBy = (environments: readonly Environment[], text: string): readonly Environment[] =>
  environments.filter(({ gate, name }) => gate === 'approval' && (isExpression(text) || same(name, text)));

/** Only the environment of the JOB makes GitHub ask: a step that delivers elsewhere passes by the gate. */
const bypassed = (path: string, job: WorkflowJob, environments: readonly Environment[]): readonly Finding[] =>
  job.steps.filter(delivers).flatMap(({ environment = '', line }) => {
    const gated = gatedBy(environments, environment);
    const named = job.environment ?? '';
    const asks = named !== '' && (isExpression(named) || isExpression(environment) || same(named, environment));
    if (asks || gated.length === 0) return [];
    const names = gated.map(({ name }) => name).join(', ');
    return [at({ path, line }, { kind: 'gate-bypassed', job: job.name, environment: names }, 'broken')];
  });

const waitsForPeople = (job: WorkflowJob, environments: readonly Environment[]): boolean =>
  job.environment !== undefined && gatedBy(environments, job.environment).length > 0;

interface Queue {
  readonly path: string;
  readonly concurrency: Concurrency | undefined;
  /** The jobs it holds back. */
  readonly jobs: readonly WorkflowJob[];
  readonly environments: readonly Environment[];
}

const queueFlaws = ({ path, concurrency, jobs, environments }: Queue): readonly Finding[] => {
  const [job] = jobs.filter(({ steps }) => steps.some(delivers));
  if (concurrency === undefined || job === undefined) return [];
  const spot = { path, line: concurrency.line };
  const holding = jobs.find((each) => waitsForPeople(each, environments));
  return [
    ...(concurrency.cancels ? [at(spot, { kind: 'cancels', job: job.name })] : []),
    ...(concurrency.keepsAll || concurrency.cancels ? [] : [at(spot, { kind: 'drops', job: job.name })]),
    ...(holding === undefined ? [] : [at(spot, { kind: 'holds-queue', job: holding.name })])
  ];
};

const auditJobs = (path: string, workflow: Workflow, environments: readonly Environment[]): readonly Finding[] => [
  ...queueFlaws({ path, concurrency: workflow.concurrency, jobs: workflow.jobs, environments }),
  ...workflow.jobs.flatMap((job) => [
    ...bypassed(path, job, environments),
    ...queueFlaws({ path, concurrency: job.concurrency, jobs: [job], environments })
  ])
];

const auditCopy = ({ path, origin }: WorkflowFile): readonly Finding[] => {
  if (origin === undefined) return [];
  const { template, version, intact } = origin;
  return [
    ...(intact ? [] : [at({ path, line: 1 }, { kind: 'copy-changed', template, version })]),
    ...(version === OWN_VERSION ? [] : [at({ path, line: 1 }, { kind: 'copy-other', template, version })])
  ];
};

const auditFile = (file: WorkflowFile, environments: readonly Environment[]): readonly Finding[] => {
  const { path, content } = file;
  if (content.kind === 'unreadable')
    return [at({ path, line: 1 }, { kind: 'unreadable', problem: content.problem }, 'unchecked')];
  if (!isOfTheLine(file)) return [];
  const { empty, line } = content.permissions;
  return [
    ...auditCopy(file),
    ...(empty ? [] : [at({ path, line }, { kind: 'permissions-open' })]),
    ...auditJobs(path, content, environments),
    ...unpinned(path, content)
  ];
};

/** The workflow files that belong to the line: gate, queue, pins, rights, and whether copies are still what they were. */
export const auditWorkflows = (
  files: readonly WorkflowFile[],
  environments: readonly Environment[]
): readonly Finding[] => {
  const found = files.flatMap((file) => auditFile(file, environments));
  return files.some(isOfTheLine) ? found : [...found, at({ path: '.github/workflows', line: 1 }, { kind: 'no-line' })];
};
