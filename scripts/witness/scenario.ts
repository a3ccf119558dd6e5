import type { EnvironmentSetup } from '../../rehearsal/engine/index.ts';

export type Texts = Readonly<Record<string, string>>;

interface AnyMove {
  /** File name of the one workflow it starts. */
  readonly workflow: string;
  /** The gate at which the run waits, and who opens it. */
  readonly approve?: { readonly environment: string; readonly by: string };
}

export interface Push extends AnyMove {
  readonly kind: 'push';
  readonly message: string;
  readonly files: Texts;
}

export interface Dispatch extends AnyMove {
  readonly kind: 'dispatch';
  readonly inputs: Texts;
}

/** A branch with one commit on it, proposed to main. */
export interface Proposal extends AnyMove {
  readonly kind: 'pull-request';
  readonly message: string;
  readonly files: Texts;
  readonly branch: string;
  readonly number: number;
}

/** Something that starts one run. */
export type Move = Push | Dispatch | Proposal;

/** What both runners are given: a repository, its settings, and what people do, one thing after the other. */
export interface Scenario {
  readonly name: string;
  readonly files: Texts;
  readonly executable?: readonly string[];
  readonly environments?: Readonly<Record<string, EnvironmentSetup>>;
  readonly vars?: Texts;
  readonly secrets?: Texts;
  /** `owner/repo@ref` -> the files of another repository. */
  readonly repositories?: Readonly<Record<string, Texts>>;
  /** `owner/repo@ref` -> the folder with that action. */
  readonly actions?: Texts;
  readonly moves: readonly Move[];
}

/** The commit a move makes, with the moment it was made: the second runner makes the very same one. */
export interface Made {
  readonly commit: string;
  readonly date: Date;
}
