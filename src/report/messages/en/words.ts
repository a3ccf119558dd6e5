import { countOf, durationOf, sizeOf } from '../../amounts.ts';
import type { NoteTexts, ProgressTexts, ReleaseTexts, StatusTexts, StopTexts, SummaryTexts } from '../catalogue.ts';
import { announceNotes } from './announcement.ts';
import { previewNotes, previewProgress, previewStatus } from './previews.ts';

const count = (one: string, other: string) => (value: number) => countOf(value, { one, other }, 'en');
const changes = count('change', 'changes');
const files = count('file', 'files');
const releases = count('release', 'releases');
const size = (bytes: number): string => sizeOf(bytes, 'en');
const duration = (seconds: number): string => durationOf(seconds, 'en');

export const notes: NoteTexts = {
  ...announceNotes,
  ...previewNotes,
  'approver-unknown': () => 'GitHub does not say who approved this run.',
  'self-approved': ({ user }) =>
    `${user} started and approved this delivery alone. "Prevent self-review" would ask a second person.`,
  'admins-can-bypass': ({ environment }) =>
    `Administrators can skip the approval of ${environment}: "Allow administrators to bypass" is on.`,
  'line-stopped': ({ url }) => `The line is stopped until this issue is closed: ${url}.`,
  'line-not-stopped': () =>
    'The line could NOT be stopped: the job lacks `issues: write`. New versions go on being delivered.',
  overridden: ({ code, by }) => `${by} took responsibility for going past the rule ${code}.`,
  'not-retired': ({ problem }) =>
    `The record of the replaced version is still open; the next delivery closes it. ${problem}`,
  'took-over': ({ record }) =>
    `Deployment record ${record} belonged to a run that had ended; it was closed as an error.`,
  'record-left-open': ({ record, environment }) =>
    `Deployment record ${record} of ${environment} could not be closed in time and stays open; the next delivery there closes it.`,
  'way-back-finished': ({ from, to, environment, run }) =>
    `${from} broke in ${environment}, and the run that was going back ended too soon (${run}): this run finished it first, and ${to} runs there again.`,
  'way-back-failed': ({ from, environment, run, why }) =>
    `${from} broke in ${environment}, and the run that was going back ended too soon (${run}). This run tried again in vain: ${why} Start a rollback by hand, or deliver a version that works.`,
  unverified: ({ version }) => `Nobody checked whether ${version} works: it has no \`verify:\` section.`,
  'script-note': ({ text }) => text,
  'not-before': ({ why }) => `Do not press the button yet: the delivery would be refused. ${why}`,
  'wait-timer': ({ minutes, environment }) =>
    `GitHub lets a delivery to ${environment} begin ${count('minute', 'minutes')(minutes)} after it was asked for, by its wait timer.`,
  stock: (stock) =>
    `Work piles up before ${stock.environment}: ${changes(stock.changes)} wait, and ${stock.limit} at once is the limit. Deliver more often.`,
  'stock-old': ({ seconds, environment }) =>
    `A change has waited ${duration(seconds)} for ${environment}. What waits longer than a week helps nobody meanwhile and gets riskier every day.`,
  'documents-unread': (unread) =>
    `The changes of ${releases(unread.releases)} are not read yet; a report that finds this \`delivery.json\` reads on. Until then lead times leave them out.`,
  'beginnings-unread': (unread) =>
    `When work on ${changes(unread.changes)} began is not read yet; a report that finds this \`delivery.json\` reads on. Until then those lead times begin with the merge.`,
  'beginnings-unseen': (unseen) =>
    `When work on ${changes(unseen.changes)} began could not be seen, so those lead times begin with the merge. Give the job \`${unseen.needs}\` to count the work before it.`,
  'waiting-unseen': ({ needs }) =>
    `Whether a run waits for approval could not be seen. Give the job \`${needs}\` to show it.`,
  'changes-cut': ({ shown, total }) =>
    `This delivery holds ${releases(total)}; the changes of ${shown} of them are listed here.`,
  'changes-unread': ({ version }) => `The changes of ${version} are not listed: its release is damaged or incomplete.`,
  'older-unlisted': (unlisted) =>
    `More than ${changes(unlisted.changes)} wait: GitHub lists only the newest 30 releases at once.`,
  'proposal-replaced': ({ url }) =>
    `An older run that still waited here was cancelled, for this one replaces it: ${url}.`,
  'newer-waiting': ({ url }) => `A newer run waits here already: ${url}. Approve that one instead.`,
  'proposal-not-replaced': ({ url, why }) =>
    `An older run may still wait here and could not be cancelled: ${url}. ${why} Its version would be refused as superseded.`
};

export const progress: ProgressTexts = {
  ...previewProgress,
  deciding: ({ version, environment }) => `May ${version} go to ${environment}?`,
  building: ({ version }) => `Building ${version}`,
  packing: () => 'Packing the files',
  packed: (packed) => `Packed ${files(packed.files)}: ${size(packed.bytes)} in ${duration(packed.seconds)}`,
  'image-resolved': ({ image, digest }) => `Image ${image} is ${digest}`,
  'image-tagged': ({ image, digest }) => `Image ${image} now names ${digest}`,
  'tag-created': ({ tag }) => `Tag ${tag} created`,
  'tag-found': ({ tag }) => `Tag ${tag} is already there`,
  uploading: ({ name, bytes }) => `Uploading ${name} (${size(bytes)})`,
  uploaded: ({ name, bytes }) => `Uploaded ${name} (${size(bytes)})`,
  'asset-found': ({ name, bytes }) => `${name} (${size(bytes)}) is already there`,
  published: ({ url }) => `Release published: ${url}`,
  ticket: ({ record, environment }) => `Deployment record ${record} opened for ${environment}`,
  queued: ({ environment, holder }) => `Waiting for another delivery to ${environment} to end: ${holder}`,
  'took-over': ({ record, environment }) => `Closed deployment record ${record} of ${environment}: its run has ended`,
  fetching: ({ name, bytes }) => `Downloading ${name} (${size(bytes)})`,
  proven: (proven) => `Every byte is as built: ${files(proven.files)}, ${proven.digest}`,
  running: ({ label, script }) => `Running ${label}: ${script}`,
  ran: ({ label, seconds }) => `${label} ended after ${duration(seconds)}`,
  attempt: ({ number, inRow, needed, problem }) =>
    problem === undefined
      ? `Verification attempt ${number}: good, ${inRow} of ${needed} in a row`
      : `Verification attempt ${number}: not yet, ${problem}`,
  verified: ({ version, environment, attempts }) =>
    `${version} works in ${environment}, after ${count('attempt', 'attempts')(attempts)}`,
  replacing: ({ run, environment }) => `Cancelling an older run that waits for ${environment}: ${run}`,
  broken: ({ why }) => why,
  'rolling-back': ({ from, to, environment }) => `Going back from ${from} to ${to} in ${environment}`,
  rehearsing: ({ from, to, environment }) => `Rehearsing the way back from ${from} to ${to} in ${environment}`
};

export const status: StatusTexts = {
  ...previewStatus,
  record: ({ delivery, version }) =>
    ({ deploy: `Deliver ${version}`, rollback: `Go back to ${version}`, rebuild: `Rebuild with ${version}` })[delivery],
  queued: ({ behind }) => `Waiting: ${behind} is being delivered`,
  started: ({ version }) => `Deploying ${version}`,
  succeeded: ({ version }) => `${version} is live`,
  replaced: ({ version }) => `Replaced by ${version}`,
  'run-died': ({ run }) => `Run ${run} ended before the delivery did`,
  ended: ({ why }) => why
};

export const summary: SummaryTexts = {
  headline: {
    plan: 'Plan',
    build: 'Built',
    release: 'Released',
    propose: 'Proposed',
    deploy: 'Delivered',
    rollback: 'Rolled back as asked',
    verify: 'Works',
    announce: 'Announced',
    report: 'Delivery report',
    up: 'Preview made',
    down: 'Preview taken down',
    doctor: 'Examined',
    'dry-run': 'Dry run',
    'nothing-to-do': 'Nothing to do',
    refused: 'Not done',
    failed: 'Failed',
    'rolled-back': 'Failed and rolled back'
  },
  columns: {
    environment: 'Environment',
    version: 'Version',
    since: 'Live since',
    approvedBy: 'Approved by',
    waiting: 'Waiting',
    ready: 'Newest version',
    before: 'Before',
    last: 'Delivered last',
    live: 'Live now',
    failed: 'Failed version',
    changes: 'Changes',
    release: 'Release',
    proven: 'Proven in',
    approvers: 'Who may approve',
    button: 'The button'
  },
  machine: {
    title: 'Details for machines',
    command: 'Command',
    decision: 'Decision',
    reason: 'Reason code',
    commit: 'Commit',
    tag: 'Tag',
    digest: 'Digest',
    record: 'Deployment record',
    run: 'Run'
  },
  nothing: 'nothing yet',
  unknown: 'not known',
  ready: {
    nothing: 'nothing to bring',
    now: 'may go there now',
    asked: 'may go there as soon as somebody lets it in',
    built: 'may go there once it is built'
  },
  readyAfter: (environments) => `may go there once it works in ${environments}`,
  next: 'Next:',
  nobody: 'no approval needed',
  none: 'nothing',
  changes,
  more: (value) => `${value} more`,
  by: (names) => `by ${names}`,
  ago: (time) => `${time} ago`,
  oldest: (time) => `the oldest waited ${time}`,
  breaking: 'breaking',
  card: {
    releases,
    inReleases: (counted, within) => `${counted} in ${within}`,
    atLeast: (counted) => `at least ${counted}`,
    goingBack: 'goes back to an older version',
    oneOf: (names) => `${names}; one of them is enough`,
    notStarter: 'not whoever started this run',
    starterToo: 'whoever started this run may approve it, too',
    review: 'Review deployments'
  }
};

export const release: ReleaseTexts = {
  groups: { breaking: 'Breaking changes', feat: 'New', fix: 'Fixed', perf: 'Faster' },
  others: (value) => `Other changes (${value})`,
  since: (counted, previous) => `${counted} since ${previous}`,
  first: (counted) => `First version: ${counted}`,
  compare: 'All changes side by side',
  cut: (value, link) => `${changes(value)} more did not fit here: ${link} lists them all.`,
  check: 'Check what you download',
  digest: 'Digest',
  images: 'Images',
  how: 'Both checksums must be the ones that the message of the tag names:'
};

export const stop: StopTexts = {
  title: (version, environment) => `Line stopped: ${version} failed in ${environment}`,
  effect:
    'While this issue is open, no new version is delivered by itself. Going back to an earlier version still works.',
  resume: 'To go on: merge a correction, then close this issue.',
  run: 'What happened, step by step'
};

/** The causes that commands report by numbers alone. */
const PROBLEMS: readonly (readonly [form: RegExp, said: string])[] = [
  [/^exit code (\d+)$/, 'the script ended with exit code $1'],
  [/^timeout (\d+) s$/, 'the script did not end within $1 seconds'],
  [/^status (\d+), not (\d+)$/, 'the address answered with status $1 instead of $2'],
  [/^body without (".*")$/, 'the answer does not contain $1'],
  [/^record (\d+): \w+$/, 'the last deployment there (record $1) did not end well'],
  [/^flapping$/, 'good and bad answers took turns']
];

export const problem = (text: string): string => {
  const found = PROBLEMS.find(([form]) => form.test(text));
  return found === undefined ? text : text.replace(...found);
};
