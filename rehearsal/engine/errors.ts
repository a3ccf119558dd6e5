/** The engine does not know this, or the test asks for the impossible: the whole rehearsal stops, nothing is skipped. */
export class RehearsalError extends Error {}

/** What GitHub itself would refuse while a run goes on: the job or step fails, the run goes on. */
export class TemplateError extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
