import { isPhase } from '../../../domain/phase.ts';
import { formFor } from '../../amounts.ts';
import type { ReasonTexts } from '../catalogue.ts';
import { phases } from './phases.ts';

/** What is wrong with a version or its release, and what broke. */
export const failures = {
  'history-unknown': ({ problem }) => ({
    what: `The next version cannot be known from this checkout: ${problem}.`,
    why: 'A guess could take a number that is already in use.',
    next: 'Let the `actions/checkout` step fetch the whole history, then run it again.',
    lines: 'with:\n  fetch-depth: 0'
  }),
  'version-unknown': ({ version }) => ({
    what:
      version === 'latest'
        ? 'No released version is ready to be delivered.'
        : `There is no released version ${version}.`,
    next: 'Choose one from the Releases page of the repository, and deliver it to the earlier environments first.'
  }),
  'version-taken': ({ tag, commit, other }) => ({
    what: `The tag ${tag} already belongs to commit ${other}, not to ${commit}.`,
    why: 'A published version never changes.',
    next: 'Run the build again on the newest commit: it takes the next free version.'
  }),
  'release-as-invalid': ({ value, commit, problem }) => ({
    what: `Commit ${commit} asks for version ${value} with Release-As, which cannot be: ${problem}.`,
    next: 'Merge a commit whose message ends with a line like this one, with a higher version.',
    lines: 'Release-As: 2.0.0'
  }),
  'release-incomplete': ({ tag, missing }) => ({
    what: `The release ${tag} is not complete: ${missing} is missing.`,
    next: 'Run the release job of that version again: it adds what is missing. Then deliver.'
  }),
  'manifest-invalid': ({ problem }) => ({
    what: `The file release.json of this version cannot be read: ${problem}.`,
    why: 'It was changed after the build, or another version of Esteira wrote it.',
    next: 'Run the build and release jobs again. Deliver another version until then.'
  }),
  'digest-mismatch': ({ what, expected, actual }) => ({
    what: `${what} is not what was built: expected ${expected}, found ${actual}.`,
    why: 'It was changed or damaged after the build, so it is not delivered.',
    next: 'Do not use this release. Find out who changed it, and release a new version.'
  }),
  'build-failed': ({ problem }) => ({
    what: `The build failed: ${problem}.`,
    next: 'Read the end of the build output in the log, correct the cause and merge it.'
  }),
  'files-missing': ({ patterns }) => ({
    what: `Nothing to deliver: no file matches ${patterns}.`,
    next: 'Correct `build.files` in `.github/delivery.yml`, or let `build.run` create these files.'
  }),
  'files-forbidden': ({ paths }) => ({
    what: `These files must not be delivered: ${paths}.`,
    why: 'They can hold passwords or lead out of the delivered folder.',
    next: 'Leave them out of `build.files` in `.github/delivery.yml`, or remove them from the repository.'
  }),
  'image-missing': ({ image, problem }) => ({
    what: `The image ${image} is not in the registry: ${problem}.`,
    next: 'Let `build.run` push the image with the tag in `$DELIVERY_VERSION` before it ends.'
  }),
  'deploy-failed': ({ version, environment, problem }) => ({
    what: `Deploying ${version} to ${environment} failed: ${problem}.`,
    why: `What runs in ${environment} now is not known.`,
    next: `Read the deploy output in the log, then run the rollback command for ${environment} or merge a correction.`
  }),
  'verification-failed': ({ version, environment, problem }) => ({
    what: `Version ${version} was deployed to ${environment} but does not work there: ${problem}.`,
    next: `Run the rollback command for ${environment}, or merge a correction.`
  }),
  'rolled-back': ({ version, environment, to, problem }) => ({
    what: `Version ${version} failed in ${environment}, and ${to} runs there again.`,
    why: `What failed: ${problem}.`,
    next: 'Merge a correction and close the issue that stopped the line.'
  }),
  'rollback-failed': ({ version, environment, to, problem }) => ({
    what: `Version ${version} failed in ${environment}, and going back to ${to} failed too: ${problem}.`,
    why: `What runs in ${environment} now is not known. A person is needed.`,
    next: `Look at ${environment} yourself, then run the rollback command with a version that you know to work.`
  }),
  drift: ({ version, environment, problem }) => ({
    what: `${environment} does not run ${version} as recorded: ${problem}.`,
    why: 'It stopped working or was changed by other means.',
    next: `Deliver ${version} to ${environment} again, or roll back.`
  }),
  'promise-broken': ({ broken }) => ({
    what: `The set-up does not keep what \`.github/delivery.yml\` promises: ${broken} ${formFor(Number(broken), { one: 'promise is', other: 'promises are' }, 'en')} false.`,
    why: 'People rely on a gate that is not there, or wait for one that nobody knows of.',
    next: 'Do first what stands first in the list.'
  }),
  'queue-timeout': ({ environment, holder }) => ({
    what: `The delivery gave up waiting for its turn in ${environment}.`,
    why: `This delivery is still at work there: ${holder}.`,
    next: 'Wait for it or cancel it, then run this again.'
  }),
  'phase-timeout': ({ phase, seconds, call }) => ({
    what: `${isPhase(phase) ? phases[phase] : phase} took longer than ${seconds} s; the last call was ${call}.`,
    why: 'The answers came too slowly, and nothing may take for ever.',
    next: 'Run the job again: it finishes what is left. When it happens again, look at the status page of GitHub or of the registry.'
  }),
  cancelled: ({ command }) => ({
    what: `The run of ${command} was cancelled before it ended.`,
    next: 'Run it again: it goes on from a clean state.'
  }),
  'permission-missing': ({ permission, call }) => ({
    what: `The token may not do this: ${call}.`,
    why: 'The job does not have the permission for it.',
    next: 'Add this line to the permissions of the job in the workflow, then run it again.',
    lines: `permissions:\n  ${permission}`
  }),
  'token-refused': ({ call }) => ({
    what: `GitHub does not accept the token: ${call} was answered with 401.`,
    why: 'A token of a job is valid only while its run goes on.',
    next: 'Leave the input token out, so that the token of the job is used, and run the job again.'
  }),
  'hosting-failed': ({ call, problem }) => ({
    what: `GitHub did not answer as expected to ${call}: ${problem}.`,
    next: 'Run the job again: it finishes what is left. When it fails again, look at the status page of GitHub.'
  }),
  'registry-failed': ({ image, problem }) => ({
    what: `The registry did not answer as expected for ${image}: ${problem}.`,
    next: 'Check that the job is logged in to the registry, then run it again.'
  }),
  internal: ({ problem }) => ({
    what: `Esteira itself made a mistake: ${problem}.`,
    next: 'Run the job again. When it fails again, report it to the Esteira project with the log of this job.'
  })
} satisfies Partial<ReasonTexts>;
