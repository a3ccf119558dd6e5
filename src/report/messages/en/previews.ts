import { formFor } from '../../amounts.ts';
import type { NoteTexts, ProgressTexts, ReasonTexts, StatusTexts } from '../catalogue.ts';

const RULE =
  'A preview lives while its pull request is open, and no longer than `preview.expires` after its newest commit.';
const form = (count: string, one: string, other: string): string => formFor(Number(count), { one, other }, 'en');
const previews = (count: string): string => `${count} ${form(count, 'preview', 'previews')}`;

/** How previews of pull requests end. */
export const previewReasons = {
  'preview-up': ({ preview, commit, until }) => ({
    what: `The preview ${preview} shows commit ${commit}.`,
    why: `It stays until the pull request is closed, or until ${until} at the latest.`,
    next: 'Nothing is left to do. The next commit brings it up to date.'
  }),
  'preview-down': ({ preview }) => ({
    what: `The preview ${preview} is taken down.`,
    next: 'Nothing is left to do.'
  }),
  'previews-down': ({ count, previews: names }) => ({
    what: `${previews(count)} that nobody needs any more ${form(count, 'was', 'were')} taken down: ${names}.`,
    next: 'Nothing is left to do.'
  }),
  'preview-there': ({ preview, commit }) => ({
    what: `The preview ${preview} shows commit ${commit} already.`,
    next: 'Nothing is left to do. To make it anew, take it down first.'
  }),
  'preview-absent': ({ preview }) => ({
    what: `There is no preview ${preview}.`,
    next: 'Nothing is left to do.'
  }),
  'preview-wanted': ({ preview }) => ({
    what: `The preview ${preview} stays: it is wanted again.`,
    why: RULE,
    next: 'Nothing is left to do.'
  }),
  'previews-wanted': ({ count }) =>
    count === '0'
      ? { what: 'There is no preview.', next: 'Nothing is left to do.' }
      : {
          what: `${previews(count)} ${form(count, 'stays', 'stay')}: there is no reason to take ${form(count, 'it', 'one')} down.`,
          why: RULE,
          next: 'Nothing is left to do.'
        },
  'pull-closed': ({ pull }) => ({
    what: `Pull request ${pull} is closed: it gets no preview.`,
    next: 'Nothing is left to do.'
  }),
  'pull-moved': ({ pull, commit, head }) => ({
    what: `Commit ${commit} is no longer the newest one of pull request ${pull}.`,
    why: `The run for ${head} makes the preview.`,
    next: 'Nothing is left to do.'
  }),
  'pull-from-fork': ({ pull }) => ({
    what: `Pull request ${pull} comes from a fork: it gets no preview.`,
    why: 'Whoever can write to another repository may not run scripts with the rights of this one.',
    next: 'Nothing is left to do. To show it, push its commits to a branch of this repository.'
  }),
  'preview-undefined': ({ lines }) => ({
    what: 'Nobody wrote down how a preview is made and taken down: there is no section `preview`.',
    why: 'What counts is the file in the commit that was checked out. A branch from before that section needs it merged in first.',
    next: 'Write these lines in `.github/delivery.yml`, adapted to your project.',
    lines
  }),
  'pull-unknown': ({ pull }) => ({
    what: `There is no pull request ${pull}.`,
    next: 'Correct the number, in the form or under `with: environment:` in the workflow, then run it again.'
  }),
  'preview-failed': ({ preview, problem }) => ({
    what: `The preview ${preview} could not be made: ${problem}.`,
    why: 'What the script had made by then is still there.',
    next: 'Read the end of its output in the log, correct the cause and push it. Closing the pull request takes everything down.'
  }),
  'preview-not-down': ({ preview, problem }) => ({
    what: `The preview ${preview} could not be taken down: ${problem}.`,
    why: 'What is left of it may go on costing money.',
    next: 'Read the end of the output in the log, correct the cause and run this job again. The daily run tries it, too.'
  }),
  'previews-not-down': ({ previews: names }) => ({
    what: `These previews could not be taken down: ${names}.`,
    why: 'What is left of them may go on costing money.',
    next: 'Read the notes below and the log, correct the cause and run this job again. The next daily run tries it, too.'
  })
} satisfies Partial<ReasonTexts>;

export const previewNotes = {
  'preview-taken-over': ({ record, preview }) =>
    `An earlier run about ${preview} broke off; this run closed its deployment record ${record}.`,
  'preview-gone': ({ preview, why }) =>
    ({
      closed: `${preview} is not needed any more: its pull request is closed.`,
      expired: `${preview} is not needed any more: its time is over.`,
      abandoned: `${preview} is not needed any more: a run left it unfinished.`
    })[why],
  'preview-stays': ({ preview, why }) => `${preview} is still there. ${why}`,
  'preview-busy': ({ preview, run }) => `A run is at work on ${preview}, so it was left alone: ${run}.`,
  'previews-unlisted': ({ records }) =>
    `Only the newest ${records} records were searched; a preview that is older than all of them is not seen.`
} satisfies Partial<NoteTexts>;

export const previewProgress = {
  'taking-down': ({ preview, why }) =>
    ({
      closed: `Taking ${preview} down: its pull request is closed`,
      expired: `Taking ${preview} down: its time is over`,
      abandoned: `Taking ${preview} down: a run left it unfinished`
    })[why]
} satisfies Partial<ProgressTexts>;

export const previewStatus = {
  'preview-asked': ({ act, preview }) => ({ up: `Make ${preview}`, down: `Take ${preview} down` })[act],
  'preview-started': ({ act, preview }) => ({ up: `Making ${preview}`, down: `Taking ${preview} down` })[act],
  'preview-ended': ({ act, preview }) => ({ up: `${preview} is up`, down: `${preview} is gone` })[act],
  'preview-replaced': ({ preview }) => `${preview} is another one now, or gone`
} satisfies Partial<StatusTexts>;
