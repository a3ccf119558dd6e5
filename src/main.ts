import { createConsole } from './adapters/console-actions.ts';
import type { ActionsConsole } from './adapters/console-actions.ts';
import { COMMANDS, LANGUAGES } from './contract.ts';
import type { CommandName, Language } from './contract.ts';
import type { Outcome } from './domain/outcome.ts';
import { Refusal, reason } from './domain/refusal.ts';
import type { Reason } from './domain/refusal.ts';
import { parse } from './parse.ts';
import type { Surroundings } from './domain/command.ts';
import type { SummaryContext } from './report/summary.ts';
import type { Telling } from './report/tell.ts';
import { documentedPermission } from './rules/permission.ts';
import { exitCodeOf, verdictOf } from './rules/verdict.ts';
import { surroundingsOf } from './surroundings.ts';

/** The process around us: what the runner gives and where our words go. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

const one = <T extends string>(known: readonly T[], text: string | undefined): T | undefined =>
  known.find((each) => each === text);

/** What can be said when even the inputs could not be read. */
const commandIn = ({ environment }: Host): CommandName | undefined => one(COMMANDS, environment['INPUT_COMMAND']);

/** A permission is granted once, for the whole command. */
const complete = (host: Host, why: Reason): Reason => {
  const command = commandIn(host);
  if (command === undefined || why.code !== 'permission-missing') return why;
  return reason(why.code, { ...why.details, permission: documentedPermission(command, why.details.permission) });
};

const reasonOf = (host: Host, error: unknown): Reason => {
  if (error instanceof Refusal) return complete(host, error.reason);
  if (host.signal.aborted) return reason('cancelled', { command: commandIn(host) ?? '' });
  return reason('internal', { problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
};

const languageIn = ({ environment }: Host): Language => one(LANGUAGES, environment['INPUT_LANGUAGE']) ?? 'en';

const broken = (host: Host, error: unknown): Outcome => {
  const why = reasonOf(host, error);
  const command = commandIn(host);
  return { ...(command === undefined ? {} : { command }), verdict: verdictOf(why.code), reason: why };
};

type Place = Omit<SummaryContext, 'now' | 'zone'>;

const placeOf = (surroundings: Surroundings): Place => ({
  serverUrl: surroundings.serverUrl,
  repository: `${surroundings.repository.owner}/${surroundings.repository.name}`,
  runUrl: surroundings.run.url
});

/** Undefined where `ask` is refused: what is wrong is being told already. */
const unlessRefused = <T>(ask: () => T): T | undefined => {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
};

/** A wrong input leaves the surroundings readable as a rule, and then a summary can say so. */
const placeIn = ({ environment }: Host): Place | undefined => unlessRefused(() => placeOf(surroundingsOf(environment)));

const takesOutputs = (console: ActionsConsole): boolean =>
  unlessRefused(() => {
    console.check();
    return true;
  }) ?? false;

/** Everything heavy is loaded only after the inputs proved right. */
const work = async (host: Host, console: ActionsConsole): Promise<Telling> => {
  const telling: { -readonly [K in keyof Telling]?: Telling[K] } = {};
  try {
    const parsed = parse(host.environment);
    console.mask(parsed.token);
    console.check();
    const { prepare } = await import(/* webpackMode: "eager" */ './wire.ts');
    const { language, zone, execute } = await prepare({ host, console, parsed });
    telling.language = language;
    telling.outcome = await execute();
    telling.context = { ...placeOf(parsed.surroundings), now: new Date(), zone };
  } catch (error) {
    telling.outcome = broken(host, error);
    const place = placeIn(host);
    if (place !== undefined) telling.context = { ...place, now: new Date() };
  }
  const { outcome, language = languageIn(host), context } = telling;
  return { outcome, language, outputs: takesOutputs(console), ...(context === undefined ? {} : { context }) };
};

/** Runs one command; the exit code of the step. */
export const run = async (host: Host): Promise<number> => {
  const console = createConsole(host);
  const telling = await work(host, console);
  const { tell } = await import(/* webpackMode: "eager" */ './report/tell.ts');
  tell(console, telling);
  return exitCodeOf(telling.outcome);
};
