import type { Permissions } from '../hub/index.ts';
import type { Tree } from './document.ts';

/** A workflow file in the engine's words. Trees are what is evaluated only when its time has come. */
export interface Workflow {
  /** Path in its repository: `.github/workflows/delivery.yml`. */
  readonly path: string;
  readonly name: string;
  readonly runName: Tree | undefined;
  readonly events: Events;
  readonly permissions: Permissions | undefined;
  readonly env: Tree | undefined;
  readonly defaults: RunDefaults;
  readonly concurrency: Tree | undefined;
  readonly jobs: readonly Job[];
}

export interface RunDefaults {
  readonly shell: Tree | undefined;
  readonly directory: Tree | undefined;
}

export interface Filter {
  readonly only: readonly string[] | undefined;
  readonly ignore: readonly string[] | undefined;
}

export interface PushEvent {
  readonly branches: Filter;
  readonly tags: Filter;
  readonly paths: Filter;
}

export interface PullRequestEvent {
  readonly branches: Filter;
  readonly paths: Filter;
  readonly types: readonly string[];
}

/** Other runs of this repository that have ended, by the names of their workflows. */
export interface WorkflowRunEvent {
  readonly workflows: readonly string[];
  readonly branches: Filter;
}

export type InputType = 'string' | 'number' | 'boolean' | 'choice' | 'environment';

export interface InputDefinition {
  readonly name: string;
  readonly type: InputType;
  readonly required: boolean;
  readonly fallback: Tree | undefined;
  readonly options: readonly string[];
}

export interface CallEvent {
  readonly inputs: readonly InputDefinition[];
  readonly secrets: ReadonlyMap<string, { readonly required: boolean }>;
  readonly outputs: ReadonlyMap<string, Tree>;
}

export interface Events {
  readonly push: PushEvent | undefined;
  readonly pullRequest: PullRequestEvent | undefined;
  readonly dispatch: readonly InputDefinition[] | undefined;
  readonly schedule: readonly string[];
  readonly call: CallEvent | undefined;
  readonly workflowRun: WorkflowRunEvent | undefined;
}

interface AnyJob {
  readonly id: string;
  readonly name: Tree | undefined;
  readonly needs: readonly string[];
  readonly condition: string;
  readonly permissions: Permissions | undefined;
  readonly concurrency: Tree | undefined;
  readonly strategy: Tree | undefined;
}

export interface StepsJob extends AnyJob {
  readonly kind: 'steps';
  readonly runsOn: Tree;
  readonly env: Tree | undefined;
  readonly environment: Environment | undefined;
  readonly defaults: RunDefaults;
  readonly outputs: ReadonlyMap<string, Tree>;
  readonly timeout: Tree | undefined;
  readonly continueOnError: Tree | undefined;
  readonly steps: readonly Step[];
}

export interface CallJob extends AnyJob {
  readonly kind: 'call';
  readonly uses: string;
  readonly with: ReadonlyMap<string, Tree>;
  readonly secrets: 'inherit' | ReadonlyMap<string, Tree>;
}

export type Job = StepsJob | CallJob;

export interface Environment {
  readonly name: Tree;
  readonly url: Tree | undefined;
  readonly deployment: Tree | undefined;
}

interface AnyStep {
  /** Undefined when the file gives none. */
  readonly id: string | undefined;
  readonly name: Tree | undefined;
  readonly condition: string;
  readonly env: Tree | undefined;
  readonly continueOnError: Tree | undefined;
  readonly timeout: Tree | undefined;
}

export interface RunStep extends AnyStep {
  readonly kind: 'run';
  readonly run: Tree;
  readonly shell: Tree | undefined;
  readonly directory: Tree | undefined;
}

export interface UsesStep extends AnyStep {
  readonly kind: 'uses';
  readonly uses: string;
  readonly with: Tree | undefined;
}

export type Step = RunStep | UsesStep;
