import { COMMANDS, DEFAULTS, INPUTS, INPUTS_OF, LANGUAGES, OVERRIDABLE } from './contract.ts';
import type { CommandName, InputName, Overridable } from './contract.ts';
import type {
  Command,
  DeliverCommand,
  PreviewCommand,
  ProposeCommand,
  Surroundings,
  Wanted
} from './domain/command.ts';
import { ENVIRONMENT_NAME } from './domain/environment.ts';
import { PREVIEW_ENVIRONMENT, pullNamed } from './domain/preview.ts';
import { refuse } from './domain/refusal.ts';
import type { Refusal } from './domain/refusal.ts';
import { RELATIVE_PATH } from './domain/relative-path.ts';
import { parseVersion } from './domain/version.ts';
import { parseDuration } from './domain/duration.ts';
import { nearest } from './rules/nearest.ts';
import { surroundingsOf } from './surroundings.ts';

export interface Parsed {
  readonly command: Command;
  readonly surroundings: Surroundings;
  readonly token: string;
}

/** The inputs that were given; an empty one counts as not given, for the runner sets every undeclared one to ''. */
type Given = ReadonlyMap<InputName, string>;

const LONGEST_REASON = 1000;
/** YAML 1.2, core schema. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false]
]);

const bad = (input: string, problem: string): Refusal => refuse('invalid-input', { input, problem });

/** Untrusted text inside a sentence: quoted, escaped and short. */
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const oneOf = <T extends string>(input: string, text: string, known: readonly T[]): T => {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw bad(input, `${shown(text)} is unknown; valid, nearest first: ${listed(nearest(text, known))}`);
};

const takers = (input: InputName): readonly CommandName[] =>
  COMMANDS.filter((command) => INPUTS_OF[command].includes(input));

/** The runner upper-cases the name and keeps hyphens: `output-dir` arrives as `INPUT_OUTPUT-DIR`. */
const givenInputs = (env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(env).flatMap(([key, value]): [string, string][] =>
      key.startsWith('INPUT_') && value !== undefined && value !== ''
        ? [[key.slice('INPUT_'.length).toLowerCase(), value]]
        : []
    )
  );

const commandName = (given: ReadonlyMap<string, string>): CommandName => {
  const text = given.get('command');
  if (text === undefined) throw bad('command', `it is missing; valid: ${listed(COMMANDS)}`);
  return oneOf('command', text, COMMANDS);
};

/** Fails on an input that does not exist, and on one that the command would silently ignore. */
const takenInputs = (command: CommandName, raw: ReadonlyMap<string, string>): Given => {
  const given = new Map<InputName, string>();
  for (const [name, value] of raw) {
    const input = INPUTS.find((each) => each === name);
    if (input === undefined) {
      const known = nearest(name, INPUTS_OF[command]);
      throw bad(name.slice(0, 60), `there is no such input; \`${command}\` takes, nearest first: ${listed(known)}`);
    }
    if (!INPUTS_OF[command].includes(input)) {
      throw bad(input, `\`${command}\` does not take it; it belongs to ${listed(takers(input))}`);
    }
    given.set(input, value);
  }
  return given;
};

const flag = (given: Given, input: InputName): boolean => {
  const text = given.get(input) ?? 'false';
  const value = BOOLEANS.get(text);
  if (value === undefined) throw bad(input, `${shown(text)} is no boolean; write true or false`);
  return value;
};

/** A leading `./` and a trailing `/` change nothing; anything else must be clean already. */
const insideWorkspace = (given: Given, input: keyof typeof DEFAULTS): string => {
  const text = given.get(input) ?? DEFAULTS[input];
  const path = text.replace(/^(\.\/)+/, '').replace(/\/$/, '');
  if (RELATIVE_PATH.test(path)) return path;
  throw bad(input, `${shown(text)} must be a path inside the workspace: relative, with \`/\`, without \`..\``);
};

const environmentOf = (given: Given): { readonly environment?: string } => {
  const environment = given.get('environment');
  if (environment === undefined) return {};
  if (ENVIRONMENT_NAME.test(environment)) return { environment };
  throw bad(
    'environment',
    `${shown(environment)} must have 1 to 255 characters, no control characters, no outer spaces, and not be \`.\` or \`..\``
  );
};

const requiredEnvironment = (given: Given, command: CommandName): string => {
  const { environment } = environmentOf(given);
  if (environment === undefined) throw bad('environment', `\`${command}\` needs to know which one`);
  return environment;
};

const wantedOf = (text: string): Wanted => {
  if (text === 'latest' || text === 'previous') return { kind: text };
  const version = parseVersion(text.startsWith('v') ? text.slice(1) : text);
  if (version !== undefined) return { kind: 'exact', version };
  throw bad('version', `${shown(text)} is no version; write 1.4.2, v1.4.2, latest or previous`);
};

const reasonOf = (given: Given): { readonly reason?: string } => {
  const reason = given.get('reason');
  if (reason === undefined) return {};
  if (reason.trim() === '') throw bad('reason', 'it is blank');
  if (reason.length > LONGEST_REASON) throw bad('reason', `it is longer than ${LONGEST_REASON} characters`);
  return { reason };
};

/** The names separated by commas or new lines; spaces around a name do not count. */
const overridesOf = (given: Given): readonly Overridable[] => {
  const names = (given.get('override') ?? '').split(/[,\n]/).map((name) => name.trim());
  const override = names.filter((name) => name !== '').map((name) => oneOf('override', name, OVERRIDABLE));
  if (override.length > 0 && !given.has('reason')) throw refuse('reason-required', { input: 'override' });
  return [...new Set(override)];
};

const delivering = <N extends (ProposeCommand | DeliverCommand)['name']>(name: N, given: Given) => ({
  name,
  environment: requiredEnvironment(given, name),
  wanted: wantedOf(given.get('version') ?? (name === 'rollback' ? 'previous' : 'latest')),
  ...reasonOf(given),
  override: overridesOf(given),
  dryRun: flag(given, 'dry-run')
});

const expiryOf = (given: Given): { readonly expiresSeconds?: number } => {
  const text = given.get('expires');
  if (text === undefined) return {};
  const expiresSeconds = parseDuration(text);
  if (expiresSeconds !== undefined) return { expiresSeconds };
  throw bad('expires', `${shown(text)} is no duration; write a number and a unit (s, m, h, d, w), such as 12h or 3d`);
};

/** Other environments than previews cannot be made or destroyed yet. */
const previewing = (name: PreviewCommand['name'], given: Given): Omit<PreviewCommand, 'config'> => {
  const environment = requiredEnvironment(given, name);
  const pull = pullNamed(environment);
  if (pull === undefined && environment.toLowerCase() !== PREVIEW_ENVIRONMENT) {
    throw bad('environment', `${shown(environment)} is no preview; write \`preview\`, or \`pr-\` and a number`);
  }
  return { name, ...(pull === undefined ? {} : { pull }), ...expiryOf(given), dryRun: flag(given, 'dry-run') };
};

const commandOf = (name: CommandName, given: Given): Command => {
  const language = given.get('language');
  const common = {
    config: insideWorkspace(given, 'config'),
    ...(language === undefined ? {} : { language: oneOf('language', language, LANGUAGES) })
  };
  switch (name) {
    case 'plan':
    case 'doctor':
      return { ...common, name, ...environmentOf(given) };
    case 'build':
    case 'release':
      return { ...common, name, outputDir: insideWorkspace(given, 'output-dir'), dryRun: flag(given, 'dry-run') };
    case 'report':
      return { ...common, name, outputDir: insideWorkspace(given, 'output-dir') };
    case 'up':
    case 'down':
      return { ...common, ...previewing(name, given) };
    case 'propose':
      return { ...common, ...delivering(name, given) };
    case 'deploy':
    case 'rollback':
      return { ...common, ...delivering(name, given) };
    case 'announce':
      return { ...common, name, ...environmentOf(given), dryRun: flag(given, 'dry-run') };
    case 'verify':
      return { ...common, name, environment: requiredEnvironment(given, name) };
  }
};

/** The token goes into a header, and never into a message. */
const tokenOf = (given: Given): string => {
  const token = given.get('token');
  if (token === undefined) throw bad('token', 'it is empty; leave the input out to use the token of the job');
  if (!/^[\u0021-\u007E]+$/.test(token)) throw bad('token', 'it holds spaces or line breaks');
  return token;
};

/**
 * What the step was asked to do, from the variables of the runner. Throws a `Refusal` (`invalid-input`,
 * `reason-required`) for everything that is missing, unknown or misplaced; nothing is trimmed or guessed.
 */
export const parse = (env: Readonly<Record<string, string | undefined>>): Parsed => {
  const raw = givenInputs(env);
  const name = commandName(raw);
  const given = takenInputs(name, raw);
  return { command: commandOf(name, given), surroundings: surroundingsOf(env), token: tokenOf(given) };
};
