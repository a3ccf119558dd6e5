import { countOf } from '../../amounts.ts';
import type { DashboardTexts } from '../dashboard-texts.ts';

const count = (one: string, other: string) => (value: number) => countOf(value, { one, other }, 'en');
const deliveries = count('delivery', 'deliveries');
const changes = count('change', 'changes');

export const dashboard: DashboardTexts = {
  title: (repository) => `Delivery of ${repository}`,
  skip: 'Skip to the content',
  contents: 'On this page',
  asOf: (moment) => `As of ${moment}`,
  zone: (zone) => `times in ${zone}`,
  sections: {
    live: 'What is live',
    waiting: 'What waits',
    versions: 'Where each version is',
    journey: 'The way of a version',
    metrics: 'Are we getting better?',
    history: 'History'
  },
  nothingYet: 'Nothing has been delivered yet. The first delivery will show up here.',
  noData: 'no data',
  none: 'nothing',
  by: (names) => `by ${names}`,
  ago: (duration) => `${duration} ago`,
  changes,
  deliveries,
  versions: (value) => `in ${count('version', 'versions')(value)}`,
  more: (value) => `${value} more`,
  rest: (value, link) => `${count('older or further entry', 'older or further entries')(value)} in ${link}`,
  live: {
    since: (moment, duration) => `since ${moment} (${duration})`,
    approvedBy: (names) => `approved by ${names}`,
    nothing: 'nothing yet',
    unknown: (version) => `not known: ${version} broke half way`,
    open: (version, moment) => `${version} is on its way since ${moment}`,
    visit: (environment) => `Open ${environment}`,
    matrixCaption: 'Where each of the newest versions is',
    component: 'Component',
    version: 'Version',
    released: (moment) => `released ${moment}`,
    states: {
      live: 'Live',
      was: 'Was live',
      failed: 'Failed',
      broken: 'Did not go live',
      withdrawn: 'Withdrawn',
      open: 'Under way',
      waits: 'Waits',
      never: 'Never there',
      unknown: 'Not known'
    },
    stopped: (title, author) => `The line is stopped: ${title}, by ${author}.`,
    stoppedSince: (moment, duration) => `No new version is delivered by itself since ${moment} (${duration}).`
  },
  waiting: {
    nothing: (environment) => `Nothing waits: ${environment} has the newest version.`,
    before: (environment) => `Before ${environment}`,
    oldest: (duration) => `the oldest for ${duration}`,
    stock: (changeDays) => `${changeDays} change-days of stock`,
    usual: (counted) => `usually ${counted} at once`,
    approve: (version) => `Approve ${version}`,
    choose: (version) => `Deliver ${version}`,
    byItself: 'Goes by itself: no approval is asked for.',
    runWaits: (duration) => `has waited for approval for ${duration}`,
    breaking: 'breaking',
    untitled: (commit) => `Change ${commit}`
  },
  journey: {
    way: (version) => `The way of ${version}`,
    steps: {
      whole: 'First commit to release',
      work: 'First commit to merge',
      build: 'Merge to release',
      wait: (environment) => `Wait before ${environment}`,
      deliver: (environment) => `Delivery to ${environment}`
    },
    states: { running: 'so far', waiting: 'so far', failed: 'failed' },
    inAll: (whole, share) => `${whole} in all, ${share} of it waiting.`,
    soFar: (whole, share) => `${whole} so far, ${share} of it waiting.`,
    earlier: 'Earlier versions'
  },
  metrics: {
    names: {
      deployments: 'Deployment frequency',
      'lead-time': 'Change lead time',
      'since-merge': 'Lead time since the merge',
      'change-fail-rate': 'Change fail rate',
      'recovery-time': 'Failed deployment recovery time',
      'rework-rate': 'Deployment rework rate',
      'failed-attempts': 'Failed attempts',
      'approval-wait': 'Wait for the button',
      unattended: 'Delivered without a person',
      'batch-size': 'Changes per delivery',
      'manual-touches': 'Manual touches per delivery'
    },
    rules: {
      deployments: 'Every delivery that went live here. One that never went live does not count.',
      'lead-time':
        'From the first commit of a change until it went live here for the first time; the median of all changes. The very first delivery has none.',
      'since-merge': 'The part of the lead time that came after the merge; the median of all changes.',
      'change-fail-rate':
        'Deliveries that needed a rollback, hotfix or revert, failed their check or stopped the line, of all deliveries. Each counts once.',
      'recovery-time':
        'From a delivery that failed until the next good one; the median. Open failures are named apart.',
      'rework-rate': 'Rollbacks, hotfixes and reverts, of all deliveries.',
      'failed-attempts': 'Attempts that never went live, of all attempts. They do not count as failed changes.',
      'approval-wait':
        'From the proof in the environment before until the delivery began, where a person was asked; the median.',
      unattended: 'Deliveries that nobody had to start or approve, of all deliveries.',
      'batch-size':
        'New changes in a delivery, rollbacks aside; the median. Small batches are easier to understand and to take back.',
      'manual-touches':
        'Human acts for a delivery; the median. Two are enough: choosing the version, pressing the button.'
    },
    more: 'Seven more numbers',
    days: (value) => `${value} days`,
    aDay: (rate) => `${rate} a day`,
    oneEvery: (duration) => `one every ${duration}`,
    onDays: (value) => `on ${count('day', 'days')(value)}`,
    ofAll: (part, all) => `${part} of ${all}`,
    p90: (value) => `90% within ${value}`,
    changes: (value) => `from ${changes(value)}`,
    open: (value) => `${value} still open`,
    target: (value) => `aim: ${value}`,
    before: (value) => `period before: ${value}`,
    reach: (moment) => `The history begins on ${moment}.`,
    unread: (value) => `The changes of ${count('version', 'versions')(value)} have not been read yet.`,
    unbegun: (value) =>
      `The lead times of ${changes(value)} begin with the merge: the work before it could not be read.`,
    quickCheck: {
      name: "DORA's Quick Check",
      rule: 'It gives each of the five numbers a score from 0 to 10; this is their mean. It is no target, and not for comparing teams.',
      score: (value) => `${value} of 10`,
      throughput: (value) => `throughput ${value}`,
      stability: (value) => `stability ${value}`
    },
    others: (environment) => `The same for ${environment}`
  },
  trend: {
    title: 'Week by week',
    deployments: 'Deliveries',
    lead: 'Change lead time',
    batch: 'Changes per delivery',
    rate: 'Fail rate',
    good: 'good',
    failed: 'failed',
    median: 'median',
    band: 'up to 90%',
    week: 'Week from',
    numbers: 'The charts as a table',
    newest: (value) => `Newest week: ${value}`
  },
  history: {
    columns: {
      when: 'When',
      version: 'Version',
      from: 'Before it',
      who: 'Approved by',
      changes: 'Changes',
      result: 'Result',
      again: 'Once more'
    },
    caption: (environment) => `The newest deliveries to ${environment}`,
    again: 'Deploy again',
    nothingNew: 'nothing new',
    asked: (name) => `asked by ${name}`,
    byItself: 'by itself',
    results: {
      live: 'Live now',
      delivered: 'Delivered',
      rollback: 'Went back',
      rebuild: 'Rebuilt',
      redeploy: 'Same version again',
      failed: 'Did not go live',
      'taken-back': 'Broke, taken back',
      withdrawn: 'Withdrawn',
      open: 'Under way'
    },
    causes: {
      rollback: 'rolled back',
      hotfix: 'hotfix',
      revert: 'reverted',
      'failed-check': 'check failed',
      incident: 'line stopped'
    },
    wrong: (causes) => `Failed: ${causes}`,
    recovered: (duration) => `recovered after ${duration}`,
    stillOpen: (duration) => `open for ${duration}`,
    overridden: (rules) => `rules set aside: ${rules}`,
    failures: count('failed', 'failed')
  },
  foot: {
    data: (link) => `Every number, and everything behind it: ${link}`,
    noTitles: 'What people wrote is left out of this page.',
    made: 'Written by Esteira from the deployment records of this repository. Where nothing is known it says no data, never zero.'
  }
};
