import type { CommandName } from '../../src/contract.ts';
import { PHASES } from '../../src/domain/phase.ts';
import type { Phase } from '../../src/domain/phase.ts';

/** One thing a command asks GitHub or a registry for, and what bounds it. */
export interface Part {
  readonly phase: Phase;
  readonly what: string;
  readonly times: number;
}

const part = (phase: Phase, what: string, times = 1): Part => ({ phase, what, times });

const DELIVERING: readonly Part[] = [
  part('facts', 'the facts and the gate'),
  part('facts', 'records of dead runs'),
  part('facts', 'each look at the queue, and the records of dead runs found in it', 2),
  part('fetch', 'the documents of the version, of the one to go back to, of the rehearsed one', 3),
  part('facts', 'the version to go back to'),
  part(
    'facts',
    'a way back that another run left: who holds the environment, its version, two looks, the facts anew',
    5
  ),
  part('fetch', 'its documents, and those of what it replaces', 2),
  part('record', 'its stop, ticket, `in_progress`, end, and the replaced records', 5),
  part('record', 'the ticket, `in_progress`, the end, the replaced records; again for the way back; the stop', 10)
];

/** What each command does at most; scripts, verification, the queue and files that move have deadlines of their own. */
export const PARTS: Readonly<Record<CommandName, readonly Part[]>> = {
  plan: [part('facts', 'what is live where')],
  build: [part('images', 'the digests of the images')],
  release: [
    part('facts', 'tag and release'),
    part('record', 'the tag, the draft, two damaged files to remove, the publication', 5),
    part('images', 'the tags of the images')
  ],
  propose: [
    part('facts', 'the facts and the gate; the plan of the repository', 2),
    part('fetch', 'what each release in it changes'),
    part('replace', 'older proposals')
  ],
  deploy: DELIVERING,
  rollback: DELIVERING,
  verify: [part('facts', 'what is live; its release', 2), part('fetch', 'its documents')],
  announce: [
    part('announce', 'everything up to the last comment'),
    part('record', 'the latest release, once for each of at most five looks', 5),
    part('record', 'the lock of the comments given back'),
    part('fetch', 'what the messages about an environment tell'),
    part('message', 'each of its messages', 3),
    part('record', 'a message that was not sent given back', 3)
  ],
  report: [
    part('history', 'records and releases; the documents of releases; how pull requests began', 3),
    part('fetch', 'the report before'),
    part('facts', 'the runs that wait')
  ],
  up: [
    part('facts', 'the pull request and its records; each look at the queue; records of dead runs found in it', 3),
    part('record', 'its ticket, `in_progress`, the replaced records, the end', 4),
    part('record', 'the ticket while it waits; records of dead runs', 2)
  ],
  down: [
    part('facts', 'each page of records, ten at most', 10),
    part('facts', 'for each preview: its records, each look at the queue, records of dead runs found in it', 3),
    part('record', 'for each preview: its ticket, `in_progress`, the closed records, the end', 4),
    part('record', 'the ticket while it waits; records of dead runs', 2)
  ],
  doctor: [part('facts', 'settings, rules and environments')]
};

/** Seconds. */
export const boundOf = (command: CommandName): number =>
  PARTS[command].reduce((sum, { phase, times }) => sum + PHASES[phase] * times, 0);
