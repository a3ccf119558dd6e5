import { createConsole } from './adapters/console-actions.ts';
import { COMMANDS, LANGUAGES } from './contract.ts';
import type { CommandName, Language } from './contract.ts';
import type { Outcome } from './domain/outcome.ts';
import { Refusal, reason } from './domain/refusal.ts';
import type { Reason } from './domain/refusal.ts';
import { parse } from './parse.ts';
import type { Parsed } from './parse.ts';
import { exitCodeOf, verdictOf } from './rules/verdict.ts';

/** The process around us: what the runner gives and where our words go. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

type Console = ReturnType<typeof createConsole>;

const one = <T extends string>(known: readonly T[], text: string | undefined): T | undefined =>
  known.find((each) => each === text);

const reasonOf = (error: unknown): Reason => {
  if (error instanceof Refusal) return error.reason;
  return reason('internal', { problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
};

/** What can be said when even the inputs could not be read. */
const commandIn = ({ environment }: Host): CommandName => one(COMMANDS, environment['INPUT_COMMAND']) ?? 'plan';

const languageIn = ({ environment }: Host): Language => one(LANGUAGES, environment['INPUT_LANGUAGE']) ?? 'en';

interface Ended {
  readonly outcome: Outcome;
  readonly language: Language;
  readonly parsed?: Parsed;
}

const broken = (host: Host, error: unknown): Outcome => {
  const why = reasonOf(error);
  return { command: commandIn(host), verdict: verdictOf(why.code), reason: why };
};

/** Everything heavy is loaded only after the inputs proved right. */
const work = async (host: Host, console: Console): Promise<Ended> => {
  let parsed: Parsed | undefined;
  let language = languageIn(host);
  try {
    parsed = parse(host.environment);
    console.mask(parsed.token);
    const { prepare } = await import(/* webpackMode: "eager" */ './wire.ts');
    const prepared = await prepare({ host, console, parsed });
    language = prepared.language;
    return { outcome: await prepared.execute(), language, parsed };
  } catch (error) {
    return { outcome: broken(host, error), language, ...(parsed === undefined ? {} : { parsed }) };
  }
};

/** Runs one command; the exit code of the step. */
export const run = async (host: Host): Promise<number> => {
  const console = createConsole(host);
  const ended = await work(host, console);
  const { tell } = await import(/* webpackMode: "eager" */ './report/tell.ts');
  tell(console, ended);
  return exitCodeOf(ended.outcome);
};
