import type { CommandName } from '../../src/contract.ts';
import type { FaultKind, FaultRule, LogEntry } from '../hub/index.ts';
import type { Played } from './story.ts';

/** What strikes a job. `request`, `write` and `point` are numbers from 1 in the order of the calm job. */
export type Blow =
  | { readonly kind: 'fault'; readonly request: number; readonly rule: Omit<FaultRule, 'match'> }
  /** The machine is lost while the request is under way. */
  | { readonly kind: 'kill' | 'cancel'; readonly request: number; readonly phase: 'before' | 'after' }
  /** From this request on GitHub does not answer, and the run is cancelled. */
  | { readonly kind: 'cancel-unheard'; readonly request: number }
  | { readonly kind: 'kill-point' | 'cancel-point'; readonly point: number }
  | { readonly kind: 'kill-write' | 'cancel-write'; readonly write: number }
  /** A person stops the line just before a call is let in, not counting those to the storage. `heeded`: the job still looks for stops. */
  | { readonly kind: 'stop'; readonly call: number; readonly heeded: boolean };

/** Who finishes the job: the next attempt of the run, another run, or another run while the dead one still seems to live. */
export type Follower = 'attempt' | 'run' | 'early-run';

export interface Scenario {
  readonly name: string;
  readonly step: string;
  readonly blow: Blow;
  readonly follower: Follower;
  /** Scenarios that are like each other find the same state and the same code; `matrixOf` plays the first of them. */
  readonly like: string;
}

type Kind = readonly [label: string, rule: Omit<FaultRule, 'match'>];

/** Rules that replace the answer, or lose it: they strike before the request is carried out, or after. */
const REPLACING: readonly Kind[] = [
  ['502', { kind: 502 }],
  ['reset', { kind: 'reset' }],
  ['hang', { kind: 'hang' }],
  ['429', { kind: '429', retryAfterSeconds: 0 }],
  ['secondary-403', { kind: 'secondary-403', retryAfterSeconds: 1 }],
  ['html', { kind: 'html' }],
  ['empty', { kind: 'empty' }]
];

/** Rules that spoil the true answer. */
const SPOILING: readonly Kind[] = [
  ['truncated', { kind: 'truncate' }],
  ['cut', { kind: 'cut' }]
];

const STALE: readonly Kind[] = [
  ['stale', { kind: 'stale', writes: 1 }],
  ['stale-thrice', { kind: 'stale', writes: 3, times: 3 }]
];

/** From here on nothing is answered until the job gives up. */
const OUTAGE: Kind = ['outage', { kind: 'reset', times: Number.POSITIVE_INFINITY }];

const isReading = ({ method, operation }: Pick<LogEntry, 'method' | 'operation'>): boolean =>
  method === 'GET' || operation === 'graphql' || operation === 'git';

/** Only the bytes of an asset are long enough to be cut off in the middle of nowhere. */
const TRUNCATED = SPOILING.slice(0, 1);

/** Whatever the client answers by asking again, and the command never hears of. */
const ASK_AGAIN: readonly FaultKind[] = [502, 'hang', '429', 'secondary-403', 'html', 'empty', 'truncate'];

const inPhase = ([label, rule]: Kind, phase: 'before' | 'after'): Kind => [`${label} ${phase}`, { ...rule, phase }];

const kindsFor = (entry: LogEntry): readonly Kind[] => {
  const lost = REPLACING.map((kind) => inPhase(kind, 'before'));
  switch (entry.kind) {
    case 'git':
    case 'page':
      return [...lost, ...TRUNCATED, OUTAGE];
    case 'storage':
      return [...lost, ...SPOILING, ['corrupt', { kind: 'corrupt' }], OUTAGE];
    case 'download':
    case 'api':
      return isReading(entry)
        ? [...lost, ...TRUNCATED, ...STALE, OUTAGE]
        : [...lost, ...REPLACING.map((kind) => inPhase(kind, 'after')), ...TRUNCATED, OUTAGE];
  }
};

type Given = Pick<Scenario, 'blow' | 'follower'> & { readonly like?: string };

const named = (step: string, what: string, { like, ...rest }: Given): Scenario => {
  const then = rest.follower === 'attempt' ? '' : `, then ${rest.follower}`;
  const name = `${step}: ${what}${then}`;
  return { name, step, ...rest, like: like === undefined ? name : `${like}${then}` };
};

/** The same command after the same calls: wherever that is, a blow strikes the same. */
const courseOf = ({ step, job }: Played, requests: number): string =>
  [step.command, ...job.requests.slice(0, requests).map(({ operation }) => operation)].join(' ');

const likeOf = (played: Played, entry: LogEntry, blow: Extract<Blow, { kind: 'fault' }>): string =>
  ASK_AGAIN.includes(blow.rule.kind) ? entry.operation : courseOf(played, blow.request);

/** The next attempt of a build finds its old workspace; every other job begins in a new one. */
const keepsFiles = ({ step }: Played): boolean => step.command === 'build';

/** Commands that deliver: what they leave when they die is looked at after every one of their calls. */
const DELIVERING: readonly CommandName[] = ['release', 'deploy', 'rollback', 'propose', 'announce', 'up', 'down'];

/** The request that says that a delivery begins to change its target. */
const begins = ({ job }: Played): number =>
  job.requests.findIndex(({ operation }) => operation === 'repos/create-deployment-status') + 1;

/** A version that breaks delivers like one that works until its script begins. */
const nameUntil = (played: Played, carriedOut: number): string => {
  const { name } = played.step;
  return carriedOut < begins(played) ? name.replace(/^bad\//, 'good/') : name;
};

/** A job that died left what its last write to GitHub had made, whatever it read since. */
const diedAt = (played: Played, request: number, phase: 'before' | 'after'): string => {
  const carriedOut = phase === 'after' ? request : request - 1;
  if (keepsFiles(played) || DELIVERING.includes(played.step.command))
    return `${nameUntil(played, carriedOut)} killed after request ${carriedOut}`;
  const written = played.job.requests.slice(0, carriedOut).findLastIndex((entry) => !isReading(entry)) + 1;
  return `${played.step.name} killed after request ${written}`;
};

const FOLLOWERS: readonly Follower[] = ['attempt', 'run'];

/** What these leave when they die holds others back until the platform notices: a ticket, or the lock of the comments. */
const QUEUING: readonly CommandName[] = ['deploy', 'rollback', 'announce', 'up', 'down'];

/**
 * Before a request the state is the one after the request before, so one follower is enough there. Only where something
 * was just written does it matter when the platform notices that a run is over.
 */
const followersOf = ({ step }: Played, request: number, phase: 'before' | 'after'): readonly Follower[] => {
  if (phase === 'before') return FOLLOWERS.slice(request % 2).slice(0, 1);
  return QUEUING.includes(step.command) ? [...FOLLOWERS, 'early-run'] : FOLLOWERS;
};

const atRequest = (played: Played, entry: LogEntry, request: number): readonly Scenario[] => {
  const step = played.step.name;
  const where = `request ${request} (${entry.operation})`;
  const phases = isReading(entry) ? (['before'] as const) : (['before', 'after'] as const);
  return [
    ...kindsFor(entry).map(([label, rule]) => {
      const blow: Blow = { kind: 'fault', request, rule };
      const like = `${likeOf(played, entry, blow)} ${label}`;
      return named(step, `${where} ${label}`, { blow, follower: 'attempt', like });
    }),
    ...phases.flatMap((phase) => [
      ...followersOf(played, request, phase).map((follower) =>
        named(step, `${where} killed ${phase}`, {
          blow: { kind: 'kill', request, phase },
          follower,
          like: diedAt(played, request, phase)
        })
      ),
      named(step, `${where} cancelled ${phase}`, { blow: { kind: 'cancel', request, phase }, follower: 'run' })
    ]),
    ...(entry.kind === 'api'
      ? [
          named(step, `${where} cancelled unheard`, {
            blow: { kind: 'cancel-unheard', request },
            follower: 'run',
            like: `${courseOf(played, request)} unheard`
          })
        ]
      : [])
  ];
};

/** Between two requests the same is found nearly everywhere: the first of so many writes to the disk is enough. */
const [KILLED, CANCELLED] = [6, 12];

const atWrite = (played: Played, write: number): readonly Scenario[] => {
  const { name } = played.step;
  const group = keepsFiles(played) ? write : Math.ceil(write / KILLED);
  const follower = FOLLOWERS[group % 2] ?? 'attempt';
  return [
    named(name, `write ${write} killed`, {
      blow: { kind: 'kill-write', write },
      follower,
      like: `${name} killed in ${group}`
    }),
    named(name, `write ${write} cancelled`, {
      blow: { kind: 'cancel-write', write },
      follower: 'attempt',
      like: `${name} cancelled in ${Math.ceil(write / CANCELLED)}`
    })
  ];
};

/** Where somebody may stop the line: until the target may be touched, which a status of the record says, or to the end. */
const stoppable = (played: Played): readonly LogEntry[] => {
  const { step, job } = played;
  if (!['deploy', 'rollback', 'propose'].includes(step.command)) return [];
  const begun = begins(played);
  return begun === 0 ? job.requests : job.requests.slice(0, begun);
};

/** Numbers of the requests that have to heed a stop: up to the last look at GitHub's facts. Nothing stops a rollback. */
const heeding = (played: Played): number =>
  played.step.command === 'rollback'
    ? 0
    : stoppable(played).findLastIndex(({ operation }) => operation === 'graphql') + 1;

const stopsIn = (played: Played): readonly Scenario[] => {
  const last = heeding(played);
  return stoppable(played).flatMap((entry, index) => {
    const request = index + 1;
    const heeded = request <= last;
    // the storage knows no run; and where a version breaks, the stop that somebody opened is the one that its run needs
    if (entry.kind === 'storage' || (!heeded && played.job.reason === 'rolled-back')) return [];
    const what = `request ${request} (${entry.operation}) line stopped`;
    const call = stoppable(played)
      .slice(0, request)
      .filter(({ kind }) => kind !== 'storage').length;
    // after the last look nobody sees it, whenever it comes
    const like = heeded ? {} : { like: `${played.step.name} stopped too late (${entry.operation})` };
    return [named(played.step.name, what, { blow: { kind: 'stop', call, heeded }, follower: 'attempt', ...like })];
  });
};

/** Everything that can strike the job, from what it did when nothing did. */
export const scenariosOf = (played: Played): readonly Scenario[] => {
  const { step, job } = played;
  return [
    ...job.requests.flatMap((entry, index) => atRequest(played, entry, index + 1)),
    ...job.points.flatMap((text, index) => {
      const [where, point] = [`point ${index + 1} (${text})`, index + 1];
      return [
        ...FOLLOWERS.map((follower) =>
          named(step.name, `${where} killed`, { blow: { kind: 'kill-point', point }, follower })
        ),
        named(step.name, `${where} cancelled`, { blow: { kind: 'cancel-point', point }, follower: 'attempt' })
      ];
    }),
    ...Array.from({ length: job.writes }, (_, index) => atWrite(played, index + 1)).flat(),
    ...stopsIn(played)
  ];
};

/** The scenarios of a story, each kind of moment once; `scenariosOf` every one makes the whole of it. */
export const matrixOf = (story: readonly Played[]): readonly Scenario[] => {
  const seen = new Set<string>();
  return story.flatMap(scenariosOf).filter(({ like }) => {
    const isNew = !seen.has(like);
    seen.add(like);
    return isNew;
  });
};
