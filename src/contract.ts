/** The closed lists users see. `action.yml`, the parser and the documentation are checked against them. */

/** Our own version; copied templates name the one they belong to. */
export const OWN_VERSION = '0.1.0';

/** Every command that works today, in the order the line runs them. */
export const COMMANDS = [
  'plan',
  'build',
  'release',
  'propose',
  'deploy',
  'rollback',
  'verify',
  'announce',
  'report',
  'doctor'
] as const;
export type CommandName = (typeof COMMANDS)[number];

export const INPUTS = [
  'command',
  'token',
  'config',
  'environment',
  'version',
  'reason',
  'override',
  'output-dir',
  'language',
  'dry-run'
] as const;
export type InputName = (typeof INPUTS)[number];

const EVERYWHERE = ['command', 'token', 'config', 'language'] as const;
const DELIVERING = [...EVERYWHERE, 'environment', 'version', 'reason', 'override', 'dry-run'] as const;

/** The inputs each command takes; any other input given to it is an error. */
export const INPUTS_OF: Record<CommandName, readonly InputName[]> = {
  plan: [...EVERYWHERE, 'environment'],
  build: [...EVERYWHERE, 'output-dir', 'dry-run'],
  release: [...EVERYWHERE, 'output-dir', 'dry-run'],
  propose: DELIVERING,
  deploy: DELIVERING,
  rollback: DELIVERING,
  verify: [...EVERYWHERE, 'environment'],
  announce: [...EVERYWHERE, 'environment', 'dry-run'],
  report: [...EVERYWHERE, 'output-dir'],
  doctor: [...EVERYWHERE, 'environment']
};

/** What an input means when it is not given; the others have no default, or depend on the command. */
export const DEFAULTS = { config: '.github/delivery.yml', 'output-dir': '.delivery' } as const satisfies Partial<
  Record<InputName, string>
>;

export const OUTPUTS = [
  'version',
  'tag',
  'commit',
  'previous-version',
  'changed',
  'digest',
  'release-url',
  'environment-url',
  'deployment-id',
  'decision',
  'reason-code',
  'result'
] as const;
export type OutputName = (typeof OUTPUTS)[number];

export const LANGUAGES = ['en', 'pt-BR'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `refused` = a rule said no and nothing changed; `failed` = we tried and it broke. */
export const VERDICTS = ['done', 'nothing-to-do', 'refused', 'failed', 'rolled-back'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The workflow permissions (GitHub's names) each command needs, and why. */
export const PERMISSIONS: Record<CommandName, Readonly<Record<string, string>>> = {
  plan: {
    'contents: read': 'reads the history, the tags and the releases',
    'deployments: read': 'reads what is live where',
    'issues: read': 'sees a stopped line'
  },
  build: { 'contents: read': 'reads the history and the tags' },
  release: {
    'contents: write': 'creates the tag and the release',
    'packages: write': 'tags images (only with `build.images`)'
  },
  propose: {
    'contents: read': 'reads the releases',
    'deployments: read': 'reads what is live and what is proven',
    'actions: write': 'reads the gate, and cancels older runs that still wait at it',
    'issues: read': 'sees a stopped line'
  },
  deploy: {
    'contents: read': 'downloads the release',
    'deployments: write': 'writes the deployment record',
    'actions: read': 'reads approvals, protection rules and other runs',
    'issues: write': 'obeys a stopped line, and stops it when a version breaks'
  },
  rollback: {
    'contents: read': 'downloads the release',
    'deployments: write': 'writes the deployment record',
    'actions: read': 'reads approvals, protection rules and other runs',
    'issues: write': 'obeys a stopped line, and stops it when a version breaks'
  },
  verify: {
    'contents: read': "reads the live version's own procedure",
    'deployments: read': 'reads what is live',
    'issues: read': 'sees a stopped line'
  },
  announce: {
    'contents: write': 'moves "latest" to what is live, marks messages as sent, and lets one run at a time comment',
    'deployments: read': 'reads what is live',
    'actions: read':
      'sees whether a run that began to comment is over (without it comments may wait for a run that died)',
    'pull-requests: write': 'comments on the pull requests that are delivered',
    'issues: write': 'comments on the issues they close'
  },
  report: {
    'contents: read': 'reads the releases and what each of them changed',
    'deployments: read': 'reads the history of deliveries',
    'issues: read': 'counts a stopped line as an incident',
    'pull-requests: read': 'sees when work on a change began (without it lead times begin with the merge)',
    'actions: read':
      'sees which run waits for approval, and finds the report before (without it the report is written all the same)'
  },
  doctor: {
    'actions: read': 'reads the rules of the environments',
    'contents: read': 'reads the workflow files and how releases are made',
    'pages: read': 'reads whether the page of the report can be published'
  }
};

/**
 * Every reason a run can end with, and the details its sentence needs. The sentences live in `report/messages`;
 * a reason without a sentence in every language does not compile.
 */
export const REASONS = {
  // it went well
  planned: ['version'],
  built: ['version', 'digest'],
  released: ['version', 'tag'],
  proposed: ['version', 'environment'],
  'proposed-by-hand': ['version', 'environment'],
  cleared: ['version', 'environment'],
  delivered: ['version', 'environment'],
  'rolled-back-by-request': ['version', 'environment', 'from'],
  verified: ['version', 'environment'],
  announced: ['version', 'environment'],
  'announced-elsewhere': ['version', 'environment', 'others'],
  'announced-in-part': ['environment', 'failures'],
  examined: ['notes', 'unchecked', 'unseen'],
  reported: ['deliveries', 'folder'],
  'dry-run': ['command'],
  // nothing left to do; green
  'already-live': ['version', 'environment'],
  'already-released': ['version', 'tag'],
  'nothing-to-release': ['previous'],
  'nothing-live': ['environment'],
  superseded: ['version', 'environment', 'live'],
  // the question was wrong
  'invalid-input': ['input', 'problem'],
  'config-missing': ['file', 'lines'],
  'config-invalid': ['file', 'line', 'column', 'problem'],
  'environment-unknown': ['environment', 'known'],
  'deploy-undefined': ['version', 'lines'],
  'verify-undefined': ['version', 'lines'],
  // version and release
  'history-unknown': ['problem'],
  'version-unknown': ['version'],
  'version-taken': ['tag', 'commit', 'other'],
  'release-as-invalid': ['value', 'commit', 'problem'],
  'release-incomplete': ['tag', 'missing'],
  'manifest-invalid': ['problem'],
  'digest-mismatch': ['what', 'expected', 'actual'],
  'build-failed': ['problem'],
  'files-missing': ['patterns'],
  'files-forbidden': ['paths'],
  'image-missing': ['image', 'problem'],
  // policy
  freeze: ['environment', 'until', 'why'],
  'line-stopped': ['issue', 'why'],
  veto: ['version', 'environment', 'since'],
  'not-proven': ['version', 'environment', 'needs'],
  soak: ['version', 'needs', 'until'],
  'max-changes': ['changes', 'limit', 'environment'],
  'best-before': ['needs', 'since', 'limit'],
  'gate-missing': ['environment'],
  'gate-unprotected': ['environment'],
  'gate-unenforced': ['environment'],
  'gate-unexpected': ['environment', 'rules'],
  'dispatch-required': ['environment', 'version'],
  'no-good-version': ['environment'],
  'reason-required': ['input'],
  // it broke
  'deploy-failed': ['version', 'environment', 'problem'],
  'verification-failed': ['version', 'environment', 'problem'],
  'rolled-back': ['version', 'environment', 'to', 'problem'],
  'rollback-failed': ['version', 'environment', 'to', 'problem'],
  drift: ['version', 'environment', 'problem'],
  'promise-broken': ['broken'],
  'queue-timeout': ['environment', 'holder'],
  'phase-timeout': ['phase', 'seconds', 'call'],
  cancelled: ['command'],
  'permission-missing': ['permission', 'call'],
  'token-refused': ['call'],
  'hosting-failed': ['call', 'problem'],
  'registry-failed': ['image', 'problem'],
  internal: ['problem']
} as const satisfies Record<string, readonly string[]>;
export type ReasonCode = keyof typeof REASONS;

/** Refusals a person may take responsibility for with `override` and `reason`. */
export const OVERRIDABLE = [
  'freeze',
  'line-stopped',
  'veto',
  'not-proven',
  'soak',
  'max-changes',
  'best-before',
  'superseded'
] as const satisfies readonly ReasonCode[];
export type Overridable = (typeof OVERRIDABLE)[number];
