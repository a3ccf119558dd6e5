import { formFor } from '../../amounts.ts';
import { overrideLines } from '../catalogue.ts';
import type { ReasonTexts } from '../catalogue.ts';

const BY_HAND = 'To deliver anyway, start the delivery by hand with these two inputs; your name goes into the record.';
const YOUR_REASON = 'why it cannot wait';

/** A gate that nobody saw may be open. */
const promiseKept = (unseen: string): string =>
  unseen === ''
    ? 'The set-up keeps what it promises.'
    : `The rules of ${unseen} could not be seen, so nobody knows whether the set-up keeps what it promises.`;

/** Endings without a fault, questions that cannot be answered, and what the rules said no to. */
export const decisions = {
  planned: ({ version }) => ({
    what: `The next version is ${version}.`,
    next: 'Nothing was changed. Merge, and the line builds and delivers it.'
  }),
  built: ({ version, digest }) => ({
    what: `Version ${version} is built.`,
    why: `Every environment gets exactly these bytes: ${digest}.`,
    next: 'The release step publishes it.'
  }),
  released: ({ version, tag }) => ({
    what: `Version ${version} is released as ${tag}.`,
    next: 'It can be delivered to any environment now.'
  }),
  proposed: ({ version, environment }) => ({
    what: `Version ${version} waits for approval to go to ${environment}.`,
    next: `Open this run, press "Review deployments", tick ${environment} and approve or reject it.`
  }),
  'proposed-by-hand': ({ version, environment }) => ({
    what: `Version ${version} may go to ${environment}, and waits for a person to start it.`,
    next: `Open Actions → deploy-version → Run workflow, choose ${environment} and ${version}, and press the button.`
  }),
  cleared: ({ version, environment }) => ({
    what: `Version ${version} may go to ${environment} now; nobody has to approve it.`,
    next: 'The deploy job of this run delivers it.'
  }),
  delivered: ({ version, environment }) => ({
    what: `Version ${version} is live in ${environment}.`,
    next: 'Nothing is left to do.'
  }),
  'rolled-back-by-request': ({ version, environment, from }) => ({
    what: `${environment} runs version ${version} again instead of ${from}.`,
    next: `Correct what was wrong in ${from} and merge it: the line delivers the correction as a new version.`
  }),
  verified: ({ version, environment }) => ({
    what: `Version ${version} works in ${environment}.`,
    why: 'It passed its own checks just now.',
    next: 'Nothing is left to do.'
  }),
  announced: ({ version, environment }) => ({
    what: `Everybody knows that version ${version} runs in ${environment}.`,
    next: 'Nothing is left to do.'
  }),
  'announced-elsewhere': ({ version, environment, others }) => ({
    what: `Version ${version} was delivered to ${environment}. Announcements speak of ${others}, and say what runs there.`,
    next: 'Nothing is left to do.'
  }),
  'announced-in-part': ({ environment, failures }) => ({
    what: `What runs in ${environment} could not be told everywhere. Failures: ${failures}.`,
    why: 'The delivery itself is not touched by this.',
    next: 'Read the warnings of this run, then run this job again; nothing is said twice.'
  }),
  examined: ({ notes, unchecked, unseen }) => ({
    what:
      notes === '0' && unchecked === '0'
        ? 'The set-up is sound: nothing was found.'
        : `${promiseKept(unseen)} Could be better: ${notes}. Could not be checked: ${unchecked}.`,
    next: notes === '0' && unchecked === '0' ? 'Nothing is left to do.' : 'Each finding says what to click or write.'
  }),
  reported: ({ deliveries, folder }) => ({
    what: `The report is written, from ${deliveries} ${formFor(Number(deliveries), { one: 'delivery', other: 'deliveries' }, 'en')}.`,
    next: `Publish the folder ${folder}: \`index.html\` is the page; a next report that finds \`delivery.json\` goes on from it.`
  }),
  'dry-run': ({ command }) => ({
    what: `This was a dry run of ${command}: nothing was changed.`,
    next: 'To do it, run it again with this line.',
    lines: 'dry-run: false'
  }),
  'already-live': ({ version, environment }) => ({
    what: `Version ${version} is already live in ${environment}.`,
    next: 'Nothing is left to do.'
  }),
  'already-released': ({ version, tag }) => ({
    what: `Version ${version} is already released as ${tag}.`,
    next: 'Nothing is left to do. It can be delivered.'
  }),
  'nothing-to-release': ({ previous }) => ({
    what: `Nothing to release: no change since ${previous} asks for a new version.`,
    why: 'With `release-on: conventional`, only `feat`, `fix`, `perf` and breaking changes do.',
    next: 'Merge such a change, or write this in `.github/delivery.yml` to release every merge.',
    lines: 'version:\n  release-on: any'
  }),
  'nothing-live': ({ environment }) => ({
    what: `Nothing is live in ${environment} yet.`,
    next: `Deliver a version to ${environment} first.`
  }),
  superseded: ({ version, environment, live }) => ({
    what: `Version ${version} was not delivered: ${environment} already has the newer ${live}.`,
    why: 'An older version replaces a newer one only when a person chooses it.',
    next: `Nothing is left to do. To go back to ${version} on purpose, start a delivery by hand and choose it.`
  }),
  'invalid-input': ({ input, problem }) => ({
    what: `The input "${input}" is not right: ${problem}.`,
    next: `Correct "${input}" under \`with:\` in the workflow, then run it again.`
  }),
  'config-missing': ({ file, lines }) => ({
    what: `The file ${file} does not exist.`,
    next: 'Create it with these lines, adapted to your project.',
    lines
  }),
  'config-invalid': ({ file, line, column, problem }) => ({
    what: `${file}, line ${line}, column ${column}: ${problem}.`,
    next: 'Correct that line and merge it.'
  }),
  'environment-unknown': ({ environment, known }) => ({
    what: `There is no environment named ${environment}.`,
    why: `Nearest first, these exist: ${known}.`,
    next: 'Choose one of them, or add it under `environments:` in `.github/delivery.yml`.'
  }),
  'deploy-undefined': ({ version, lines }) => ({
    what: `Nothing says how to deploy ${version}.`,
    why: 'A version is deployed by the script it carries.',
    next: 'Write these lines in `.github/delivery.yml` and release a new version.',
    lines
  }),
  'verify-undefined': ({ version, lines }) => ({
    what: `Nothing says how to check that ${version} works.`,
    why: 'A version is checked by the procedure it carries.',
    next: 'Add a `verify:` section to `.github/delivery.yml`, as here, and release a new version.',
    lines
  }),
  freeze: ({ environment, until, why }) => ({
    what: `${environment} takes no deliveries until ${until}: ${why}.`,
    next: `Run it again after that. ${BY_HAND}`,
    lines: overrideLines('freeze', YOUR_REASON)
  }),
  'line-stopped': ({ issue, why }) => ({
    what: `The line is stopped: ${why}.`,
    why: `The reason is told in ${issue}.`,
    next: `Remove the cause and close that issue: the line goes on by itself. ${BY_HAND}`,
    lines: overrideLines('line-stopped', YOUR_REASON)
  }),
  veto: ({ version, environment, since }) => ({
    what: `Version ${version} failed in ${environment} on ${since}, so it does not go there again by itself.`,
    next: `Merge a correction: it becomes a new version. ${BY_HAND}`,
    lines: overrideLines('veto', YOUR_REASON)
  }),
  'not-proven': ({ version, environment, needs }) => ({
    what: `Version ${version} may not go to ${environment} yet: it has not succeeded in ${needs}.`,
    next: `Deliver ${version} to ${needs} first. ${BY_HAND}`,
    lines: overrideLines('not-proven', YOUR_REASON)
  }),
  soak: ({ version, needs, until }) => ({
    what: `Version ${version} has to stay in ${needs} until ${until} before it moves on.`,
    next: `Run it again after that. ${BY_HAND}`,
    lines: overrideLines('soak', YOUR_REASON)
  }),
  'max-changes': ({ changes, limit, environment }) => ({
    what: `This delivery holds ${changes} ${formFor(Number(changes), { one: 'change', other: 'changes' }, 'en')}; ${environment} takes at most ${limit} at once.`,
    why: 'Small deliveries are easier to check and to take back.',
    next: `Deliver an older version first, to get there in steps. ${BY_HAND}`,
    lines: overrideLines('max-changes', YOUR_REASON)
  }),
  'best-before': ({ needs, since, limit }) => ({
    what: `${needs} was last rebuilt on ${since}, longer ago than the ${limit} allowed.`,
    why: 'An environment that nobody rebuilt for long says little about the next one.',
    next: `Rebuild ${needs}, then run this again. ${BY_HAND}`,
    lines: overrideLines('best-before', YOUR_REASON)
  }),
  'gate-missing': ({ environment }) => ({
    what: `Nothing was delivered: GitHub has no environment ${environment} that somebody could approve.`,
    why: '`gate: approval` is promised in `.github/delivery.yml`, and a promise that GitHub does not enforce is none.',
    next: `Open Settings → Environments → New environment, name it ${environment}, tick "Required reviewers", add at least one person and save.`
  }),
  'gate-unprotected': ({ environment }) => ({
    what: `Nothing was delivered: ${environment} has no required reviewers, so nobody was asked.`,
    why: 'Private repositories have reviewers only on GitHub Enterprise; `gate: dispatch` is the button for all others.',
    next: `Open Settings → Environments → ${environment}, tick "Required reviewers", add at least one person and save. Without that setting, write this in \`.github/delivery.yml\`.`,
    lines: 'gate: dispatch'
  }),
  'gate-unenforced': ({ environment }) => ({
    what: `${environment} has no required reviewers, and this repository is private: nobody would be asked.`,
    why: 'On the plans Free, Pro and Team GitHub has required reviewers in public repositories only; private ones need GitHub Enterprise.',
    next: `With Enterprise, open Settings → Environments → ${environment}, tick "Required reviewers", add at least one person and save. Without it, write this in \`.github/delivery.yml\`: then a person starts each delivery.`,
    lines: 'gate: dispatch'
  }),
  'gate-unexpected': ({ environment, rules }) => ({
    what: `A delivery to ${environment} would wait without anybody knowing for whom: GitHub has rules for it (${rules}).`,
    why: '`gate: none` promises that nobody is asked and nothing waits.',
    next: `Open Settings → Environments → ${environment} and remove them, or write this in \`.github/delivery.yml\`.`,
    lines: 'gate: approval'
  }),
  'dispatch-required': ({ environment, version }) => ({
    what: `${version} waits for a person: deliveries to ${environment} are started by hand.`,
    next: `Open Actions → deploy-version → Run workflow, choose ${environment} and ${version}, and press the button.`
  }),
  'no-good-version': ({ environment }) => ({
    what: `There is no earlier version that worked in ${environment} to go back to.`,
    next: 'Choose a released version yourself with the input `version`, or merge a correction.'
  }),
  'reason-required': ({ input }) => ({
    what: `The input "${input}" needs a reason beside it.`,
    why: 'The record keeps who decided and why.',
    next: 'Add this line to the inputs, with your own words.',
    lines: 'reason: why it cannot wait'
  })
} satisfies Partial<ReasonTexts>;
