export interface LogEntry {
  readonly number: number;
  readonly when: string;
  /** `api`: counts against the limits. `download`: an asset asked for, or its bytes. `git`: the repository itself. */
  readonly kind: 'api' | 'download' | 'storage' | 'git' | 'page';
  readonly method: string;
  readonly path: string;
  /** GitHub's operation id, `graphql`, or what kind of traffic it was. */
  readonly operation: string;
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  /** Whose token it was. */
  readonly actor: string | null;
  readonly run?: number;
  /** The job of that run, where the token was given to one by name. */
  readonly job?: string;
  /** The fault that was played on it. */
  readonly fault?: string;
}

export interface CallCount {
  /** REST and GraphQL calls, uploads included. */
  readonly api: number;
  readonly downloads: number;
  readonly git: number;
}

export const countCalls = (log: readonly LogEntry[]): CallCount => {
  const count = (kind: LogEntry['kind']): number => log.filter((entry) => entry.kind === kind).length;
  return { api: count('api'), downloads: count('download'), git: count('git') };
};
