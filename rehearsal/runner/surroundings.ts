/** The server a run talks to. */
export interface Server {
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
}

/** One attempt of one run of a workflow. */
export interface RunDescription {
  readonly server: Server;
  /** `owner/name` */
  readonly repository: string;
  readonly runId: number;
  readonly runAttempt: number;
  readonly runNumber: number;
  readonly workflow: string;
  readonly job: string;
  readonly actor: string;
  /** Who started this attempt; a re-run keeps `actor`. */
  readonly triggeringActor: string;
  readonly event: string;
  /** File with the event's payload as JSON. */
  readonly eventPath: string;
  readonly sha: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly workspace: string;
  readonly temporary: string;
}

const refKind = (ref: string): string => (ref.startsWith('refs/tags/') ? 'tag' : 'branch');

/** The `GITHUB_*` and `RUNNER_*` variables of a step, command files apart (docs.github.com, "Default environment variables"). */
export const surroundingsOf = (run: RunDescription): Record<string, string> => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTION: '__self',
  GITHUB_ACTOR: run.actor,
  GITHUB_TRIGGERING_ACTOR: run.triggeringActor,
  GITHUB_API_URL: run.server.apiUrl,
  GITHUB_GRAPHQL_URL: run.server.graphqlUrl,
  GITHUB_SERVER_URL: run.server.serverUrl,
  GITHUB_EVENT_NAME: run.event,
  GITHUB_EVENT_PATH: run.eventPath,
  GITHUB_JOB: run.job,
  GITHUB_REF: run.ref,
  GITHUB_REF_NAME: run.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
  GITHUB_REF_TYPE: refKind(run.ref),
  GITHUB_REPOSITORY: run.repository,
  GITHUB_REPOSITORY_OWNER: run.repository.split('/')[0] ?? '',
  GITHUB_RUN_ATTEMPT: String(run.runAttempt),
  GITHUB_RUN_ID: String(run.runId),
  GITHUB_RUN_NUMBER: String(run.runNumber),
  GITHUB_SHA: run.sha,
  GITHUB_WORKFLOW: run.workflow,
  GITHUB_WORKSPACE: run.workspace,
  RUNNER_ARCH: 'X64',
  RUNNER_ENVIRONMENT: 'self-hosted',
  RUNNER_NAME: 'rehearsal',
  RUNNER_OS: 'Linux',
  RUNNER_TEMP: run.temporary,
  RUNNER_TOOL_CACHE: `${run.temporary}/tools`
});
