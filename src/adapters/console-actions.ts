import type { OutputName } from '../contract.ts';
import { refuse } from '../domain/refusal.ts';
import type { Console } from '../ports.ts';
import { appendToRunnerFile, outputEntry, problemWith, sizeOfRunnerFile, spill } from './console-files.ts';
import type { Environment } from './console-files.ts';
import { SUMMARY_LIMIT, fitSummary } from './console-summary.ts';
import { escapeData, inertText } from './inert.ts';
import { SHORTEST_SECRET, createRedactor } from './redact.ts';

export interface ConsoleOptions {
  readonly environment: Environment;
  /** Standard output, unbuffered. */
  readonly write: (text: string) => void;
}

export interface ActionsConsole extends Console {
  /** Hides the secret in everything printed from now on, by us and by the runner. */
  mask(secret: string): void;
  /** Throws `internal` when the runner's output file cannot be written: better before the work than after it. */
  check(): void;
}

/**
 * A job may hand on 1 MB of outputs, counted in UTF-16 (docs.github.com, "Passing information between jobs"); this many
 * code units leave room for the other steps of the job.
 */
export const OUTPUT_BUDGET = 400_000;

const SUMMARY_CUT = '\n\n> This summary was cut: GitHub shows at most 1 MiB of a step.\n';
const SUMMARY_MISSING = 'The job summary is not available on this runner.';

/** What a value becomes that the platform would drop: a short JSON document that says where the whole is. */
const stub = (value: string, file: string | undefined): string =>
  JSON.stringify({ truncated: true, characters: value.length, ...(file === undefined ? {} : { file }) });

interface Print {
  readonly redact: (text: string) => string;
  readonly line: (text: string) => void;
  readonly command: (name: string, text: string) => void;
  readonly mask: (secret: string) => void;
}

const createPrint = ({ write }: ConsoleOptions): Print => {
  const secrets: string[] = [];
  let redactor = createRedactor(secrets);
  const safe = (text: string): string => inertText(redactor.redact(text));
  return {
    redact: (text) => redactor.redact(text),
    line: (text) => write(`${safe(text)}\n`),
    command: (name, text) => write(`::${name}::${escapeData(safe(text))}\n`),
    mask: (secret) => {
      secrets.push(secret);
      redactor = createRedactor(secrets);
      for (const form of new Set([secret, secret.trim()])) write(`::add-mask::${escapeData(form)}\n`);
    }
  };
};

type Writer<T extends unknown[]> = (...values: T) => void;

const outputWriter = (environment: Environment, print: Print): Writer<[OutputName, string]> => {
  let left = OUTPUT_BUDGET;
  return (name, value) => {
    const clean = print.redact(value);
    const fits = clean.length <= left;
    const text = fits ? clean : stub(clean, spill(environment, name, clean));
    left -= text.length;
    appendToRunnerFile(environment, 'GITHUB_OUTPUT', outputEntry(name, text));
    if (!fits) print.command('warning', `${name}: ${clean.length} > ${OUTPUT_BUDGET} (1 MB). ${text}`);
  };
};

const summaryWriter = (environment: Environment, print: Print): Writer<[string]> => {
  let full = false;
  return (markdown) => {
    if (full) return;
    const problem = problemWith(environment, 'GITHUB_STEP_SUMMARY');
    if (problem !== undefined) {
      full = true;
      return print.command('warning', `${SUMMARY_MISSING} ${problem}`);
    }
    const room = SUMMARY_LIMIT - sizeOfRunnerFile(environment, 'GITHUB_STEP_SUMMARY');
    const whole = `${print.redact(markdown)}\n`;
    const text = fitSummary(whole, room, SUMMARY_CUT);
    full = text !== whole;
    appendToRunnerFile(environment, 'GITHUB_STEP_SUMMARY', text);
  };
};

const grouper =
  (print: Print, write: (text: string) => void): Console['group'] =>
  async (title, work) => {
    print.command('group', title);
    try {
      return await work();
    } finally {
      write('::endgroup::\n');
    }
  };

/** The secrets GitHub's masks would turn against us: an empty or tiny mask hides half of every log and output. */
const masker =
  (print: Print): ActionsConsole['mask'] =>
  (secret) => {
    const size = secret.trim().length;
    if (size >= SHORTEST_SECRET) print.mask(secret);
    else if (size > 0) print.command('warning', `A secret of fewer than ${SHORTEST_SECRET} characters is not masked.`);
  };

/**
 * GitHub's runner as a console: workflow commands on stdout, outputs and the summary in the runner's files
 * (docs.github.com, "Workflow commands for GitHub Actions").
 */
export const createConsole = (options: ConsoleOptions): ActionsConsole => {
  const { environment, write } = options;
  const print = createPrint(options);
  return {
    info: print.line,
    notice: (text) => print.command('notice', text),
    warning: (text) => print.command('warning', text),
    error: (text) => print.command('error', text),
    group: grouper(print, write),
    output: outputWriter(environment, print),
    summary: summaryWriter(environment, print),
    mask: masker(print),
    check: () => {
      const problem = problemWith(environment, 'GITHUB_OUTPUT');
      if (problem !== undefined) throw refuse('internal', { problem });
    }
  };
};
