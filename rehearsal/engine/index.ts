export { openRehearsal } from './scenario.ts';
export type { Rehearsal, RehearsalOptions } from './scenario.ts';
export type { JobView, Result, RunView, StepView, TimelineEntry } from './board.ts';
export type { ActionMap, EnvironmentSetup } from './site.ts';
export type { Awaited } from './wait-for.ts';
export type { Pushed, PushOptions } from './triggers.ts';
export type { OpenedPull, PullRequest } from './pull-requests.ts';
export type { Shim, ShimCall, ShimEnd } from './shims/shim.ts';
export { RehearsalError } from './errors.ts';
