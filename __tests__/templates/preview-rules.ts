import { PREVIEW_ENVIRONMENT } from '../../src/domain/preview.ts';
import { jobsOf } from './rule.ts';
import type { Rule } from './rule.ts';
import { commandsIn } from './workflow.ts';
import type { Job, Step } from './workflow.ts';

/** Only who can push to this repository: they could run their commit with its rights anyway. */
const OURS_ONLY = 'github.event.pull_request.head.repo.full_name == github.repository';
const SHOWN = '${{ github.event.pull_request.head.sha }}';

const commandOf = (job: Job): 'up' | 'down' | undefined =>
  (['up', 'down'] as const).find((name) => commandsIn(job).some((step) => step.with['command'] === name));

const checkoutOf = (job: Job): Step | undefined =>
  job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@') === true);

const checkoutProblem = (job: Job): string | undefined => {
  const ref = checkoutOf(job)?.with['ref'];
  switch (commandOf(job)) {
    case 'up':
      return ref === SHOWN ? undefined : 'must check out the commit that it shows';
    case 'down':
      return ref === undefined ? undefined : 'must need no branch of a pull request';
    case undefined:
      return String(ref).includes('pull_request') ? 'checks out what a pull request brings' : undefined;
  }
};

/** What a pull request brings is run by `up` alone, only of this repository, and with the secrets of one environment. */
export const previews: Rule = (file) =>
  jobsOf(file).flatMap(([id, job]) => {
    const checkout = checkoutProblem(job);
    const found = checkout === undefined ? [] : [`${id} ${checkout}`];
    if (commandOf(job) === undefined) return found;
    const { environment } = job;
    const separate = environment?.name === PREVIEW_ENVIRONMENT && environment.deployment === false;
    return [
      ...found,
      ...(separate ? [] : [`${id} must name the environment preview, with deployment: false`]),
      ...(job.if?.includes(OURS_ONLY) === true ? [] : [`${id} starts a machine for forks`])
    ];
  });

/** Of one pull request only the newest run counts; whoever looks after all of them is never cut short. */
export const previewTurns: Rule = (file) => {
  if (!jobsOf(file).some(([, job]) => commandOf(job) !== undefined)) return [];
  const { concurrency } = file.workflow;
  if (typeof concurrency !== 'object') return ['runs about one pull request go beside each other'];
  return [
    ...(concurrency.group.includes("format('pr-{0}', github.event.number)") ? [] : ['pull requests wait for others']),
    ...(concurrency['cancel-in-progress'] === '${{ github.event.number > 0 }}'
      ? []
      : ['a push must end the run before it, and nothing else may'])
  ];
};
