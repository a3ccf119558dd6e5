import type { CommandName } from '../contract.ts';

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
  up: {
    'deployments: write': 'writes the record of the preview',
    'pull-requests: read': 'sees whether the pull request is open, and its newest commit',
    'actions: read': 'sees whether the run before still works on the preview'
  },
  down: {
    'deployments: write': 'closes the records of the preview',
    'pull-requests: read': 'sees which pull requests are still open',
    'actions: read': 'sees whether another run still works on the preview'
  },
  doctor: {
    'actions: read': 'reads the rules of the environments',
    'contents: read': 'reads the workflow files and how releases are made',
    'pages: read': 'reads whether the page of the report can be published'
  }
};
