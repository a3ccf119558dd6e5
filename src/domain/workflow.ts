/** A workflow file as far as the audit looks into it: plain data, nothing evaluated. Lines count from 1. */
export interface WorkflowFile {
  /** `.github/workflows/delivery.yml`. */
  readonly path: string;
  /** What a copied template says about itself in its first line. */
  readonly origin?: TemplateOrigin;
  readonly content: Workflow | { readonly kind: 'unreadable'; readonly problem: string };
}

/** `# esteira: <template>@<version> sha256:<hex of the body>`; the body is everything after that line. */
export interface TemplateOrigin {
  readonly template: string;
  readonly version: string;
  /** Whether the body still has the digest its header names. */
  readonly intact: boolean;
}

export interface Workflow {
  readonly kind: 'read';
  /** `permissions: {}` at the top: no job gets a right it does not name. */
  readonly permissions: { readonly empty: boolean; readonly line: number };
  readonly concurrency?: Concurrency;
  readonly jobs: readonly WorkflowJob[];
}

export interface Concurrency {
  readonly line: number;
  /** `queue: max`: nothing that waits is dropped. */
  readonly keepsAll: boolean;
  /** `cancel-in-progress` is true, or an expression that may be. */
  readonly cancels: boolean;
}

export interface WorkflowJob {
  readonly name: string;
  readonly line: number;
  /** As written; may be an expression. */
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  /** A called workflow (`jobs.<name>.uses`) stands here as a step without a command. */
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  readonly line: number;
  readonly uses?: string;
  /** Inputs that tell a step of ours. */
  readonly command?: string;
  readonly environment?: string;
}
