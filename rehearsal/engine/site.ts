import type { EnvironmentRules, Hub, Permissions } from '../hub/index.ts';
import type { ActionStep } from '../runner/run-action.ts';
import type { ArtifactStore } from './artifacts.ts';
import type { Board } from './board.ts';
import type { Concurrency } from './concurrency.ts';
import type { Shim } from './shims/shim.ts';
import type { Values } from './expressions.ts';

export type Texts = Readonly<Record<string, string>>;

export interface EnvironmentSetup extends EnvironmentRules {
  /** Patterns of branches and tags that may deploy; both absent: every ref may. */
  readonly branches?: readonly string[];
  readonly tags?: readonly string[];
  readonly vars?: Texts;
  readonly secrets?: Texts;
}

/** `owner/repo`, `owner/repo/path` or either with `@ref` -> the folder of its `action.yml`, or a shim of ours. */
export type ActionMap = Readonly<Record<string, string | Shim>>;

/** Everything all runs of one rehearsal share. */
export interface Site {
  readonly hub: Hub;
  readonly board: Board;
  readonly groups: Concurrency;
  readonly artifacts: ArtifactStore;
  /** Where the jobs' machines are made. */
  readonly directory: string;
  readonly node: string;
  readonly vars: Texts;
  readonly secrets: Texts;
  readonly environments: Readonly<Record<string, EnvironmentSetup>>;
  readonly actions: ActionMap;
  /** `owner/repo` -> a local copy of it, for reusable workflows. */
  readonly repositories: Texts;
  readonly defaultPermissions: Permissions;
  /** Variables the machine itself has. */
  readonly machineEnvironment: Texts;
  readonly patience: ActionStep['patience'];
  /** The rehearsal closes: whatever still runs is killed. */
  readonly closing: AbortSignal;
}

export interface Trigger {
  readonly event: 'push' | 'workflow_dispatch' | 'pull_request' | 'schedule' | 'workflow_run';
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly payload: Values;
  readonly inputs: Values;
  /** Its pull request comes from another repository: its token may only read, and it gets no secrets. */
  readonly fork?: boolean;
  /** The ended run that started this one, and how many such steps lead here. */
  readonly follows?: { readonly run: number; readonly steps: number };
}
