import type { CommandName, InputName } from '../../src/contract.ts';
import type { EnvironmentName } from './town.ts';

/** One run of the workflow, started by a push. */
export interface Run {
  readonly id: number;
  /** 1, 2, 3 ... */
  readonly number: number;
  readonly commit: string;
}

/** A job that uses the action once, in a workspace of its own. */
export interface Job {
  readonly name: string;
  readonly command: CommandName;
  readonly inputs?: Readonly<Partial<Record<InputName, string>>>;
  /** The folder `.delivery` of an earlier job, handed on as upload-artifact and download-artifact do. */
  readonly artifact?: string;
}

export interface JobEnd {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** Requests to GitHub's interfaces, downloads of assets apart. */
  readonly apiCalls: number;
  /** The folder `.delivery` the job left, kept for later jobs. */
  readonly artifact: string;
}

/** An open issue that stops the line. */
export interface OpenStop {
  readonly number: number;
  readonly title: string;
  readonly url: string;
}

/** What the demo needs of GitHub, in its own words. `./github.ts` gives it, on the hub and the runner of the rehearsal. */
export interface Platform {
  readonly address: string;
  /** Where a person clones from and pushes to. */
  remote(person: string): string;
  start(commit: string): Run;
  run(run: Run, job: Job): Promise<JobEnd>;
  /** Whether the job has to wait for a reviewer before it starts. */
  waits(run: Run, environment: EnvironmentName): Promise<boolean>;
  review(run: Run, environment: EnvironmentName, verdict: 'approved' | 'rejected'): Promise<void>;
  stops(): Promise<readonly OpenStop[]>;
  closeIssue(number: number): Promise<void>;
  end(run: Run, conclusion: 'success' | 'failure'): void;
  /** What the deployment records say is live; undefined when nothing was ever. */
  recorded(environment: EnvironmentName): Promise<string | undefined>;
  /** What GitHub would never have accepted or answered; must stay empty. */
  problems(): readonly string[];
  close(): Promise<void>;
}
