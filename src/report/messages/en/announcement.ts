import type { AnnounceNoteTexts, CommentTexts, NewsTexts } from '../catalogue.ts';

export const announceNotes: AnnounceNoteTexts = {
  'latest-moved': ({ version }) => `GitHub now calls ${version} the latest release.`,
  'would-move-latest': ({ version }) => `GitHub would call ${version} the latest release.`,
  'made-full': ({ version }) => `${version} is a full release now, and no pre-release any more.`,
  'would-make-full': ({ version }) => `${version} would become a full release.`,
  told: ({ written, same }) => `Comments written or changed: ${written}. Right already: ${same}.`,
  'would-tell': ({ conversations }) => `These pull requests and issues would be told: ${conversations}.`,
  'message-sent': ({ channel, environment }) => `The message about ${environment} was sent (${channel}).`,
  'would-send': ({ channel, environment }) => `A message about ${environment} would be sent (${channel}).`,
  'told-first': (told) => `Only ${told.shown} of ${told.total} pull requests are told at once: the newest ones.`,
  'releases-unlisted': () =>
    'This delivery holds releases that GitHub no longer lists among the newest 30; their pull requests are not told.',
  'permission-needed': ({ permission }) => `Give this job the permission ${permission}.`,
  'live-unknown': ({ environment }) => `Nobody knows what runs in ${environment}, so nothing was announced about it.`,
  'nothing-announced': ({ why }) => `Nothing could be announced. ${why}`,
  'latest-not-moved': ({ why }) => `The latest release stays as it was. ${why}`,
  'not-made-full': ({ why }) => `The release that is live stays a pre-release. ${why}`,
  'not-told': ({ why }) => `Pull requests and issues were not told, or not all of them. ${why}`,
  'message-not-sent': ({ why }) => `A message was not sent. ${why}`,
  'conversation-not-told': ({ number, why }) => `Number ${number} was not told. ${why}`,
  'told-later': ({ left }) =>
    `Not told yet: ${left} pull requests and issues. GitHub takes no more than 500 comments an hour; run this again in an hour.`,
  'comments-left': ({ run, minutes }) =>
    `Comments stay as they are: for ${minutes} minutes another run has been writing comments: ${run}. Run this again when that one has ended.`,
  'comments-locked': ({ minutes }) =>
    `Comments stay as they are: for ${minutes} minutes the reference refs/esteira/announcing has stood in the way, and it does not say which run made it. When no announcement is at work, delete it (git push origin :refs/esteira/announcing) and run this again.`,
  'lock-kept': ({ why }) =>
    `That comments are written could not be taken back; the next announcement does it once this run has ended. ${why}`,
  'message-failed': ({ channel, problem }) => `A message did not get through (${channel}): ${problem}.`,
  'channel-unset': ({ channel, variable }) =>
    `No message was sent (${channel}): the step does not set the variable ${variable}.`
};

export const comment: CommentTexts = {
  holds: (version) => `Version ${version} contains this change. Where it is now:`,
  there: (since, version) => `in use since ${since}, with version ${version}`,
  long: (version) => `in use, at least since version ${version}`,
  takenBack: (since, version) => `taken back on ${since}; version ${version} runs there, without this change`
};

export const news: NewsTexts = {
  delivered: (version, environment) => `version ${version} is live in ${environment}`,
  back: (version, environment) => `version ${version} runs in ${environment} again`,
  since: (changes, version) => `${changes} since ${version}`,
  without: (changes, version) => `Instead of ${version}, without its ${changes}`,
  askedBy: (name) => `asked for by ${name}`,
  approvedBy: (names) => `approved by ${names}`,
  run: 'Run'
};
