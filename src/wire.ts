import { createArchives } from './adapters/archive/archives.ts';
import { createClock } from './adapters/clock.ts';
import type { ActionsConsole } from './adapters/console-actions.ts';
import { createHistory } from './adapters/history/history.ts';
import { createHosting } from './adapters/hosting-github/hosting.ts';
import { createImages } from './adapters/images-registry.ts';
import { createPhases } from './adapters/phases.ts';
import { createProbe } from './adapters/probe-http.ts';
import { createShell } from './adapters/shell.ts';
import { createWebhooks } from './adapters/webhook-http.ts';
import type { Context, Words } from './commands/context.ts';
import { zoneOf } from './config/delivery.ts';
import type { Delivery } from './config/delivery.ts';
import { loadDelivery } from './config/load.ts';
import type { Language } from './contract.ts';
import type { Command } from './domain/command.ts';
import type { Outcome } from './domain/outcome.ts';
import type { Host } from './main.ts';
import type { Parsed } from './parse.ts';
import type { Ports } from './ports.ts';
import { commentText } from './report/announcement/comment.ts';
import { messageFor } from './report/announcement/message.ts';
import { releaseNotes } from './report/notes.ts';
import { progressText, statusText } from './report/spoken.ts';
import { stopIssue } from './report/stop.ts';

export interface Wiring {
  readonly host: Host;
  readonly console: ActionsConsole;
  readonly parsed: Parsed;
}

/** A command with everything it needs, ready to run. */
export interface Prepared {
  readonly language: Language;
  /** The time zone people of this project live in, when `delivery.yml` names one. */
  readonly zone?: string;
  readonly execute: () => Promise<Outcome>;
}

const portsOf = ({ host, console, parsed }: Wiring): Ports => {
  const { environment, write, signal } = host;
  const { surroundings, token, command } = parsed;
  const { temporary, workspace, serverUrl, apiUrl, graphqlUrl, repository } = surroundings;
  const clock = createClock(signal);
  const phases = createPhases(clock);
  const warn = (text: string): void => console.warning(text);
  const place = { apiUrl, graphqlUrl, token, repository };
  const hosting = { ...place, clock, phases, signal, warn, environment, command: command.name };
  return {
    hosting: createHosting(hosting),
    history: createHistory({ workspace, temporary, serverUrl, token, environment, signal }),
    archives: createArchives({ signal }),
    images: createImages({ environment, token, signal, phases }),
    shell: createShell({ environment, write, secrets: [token], signal, temporary }),
    probe: createProbe({ signal }),
    webhooks: createWebhooks({ signal, environment }),
    clock,
    phases,
    console,
    signal
  };
};

const wordsIn = (language: Language, { surroundings }: Parsed, delivery: Delivery): Words => {
  const { serverUrl, repository } = surroundings;
  const place = { serverUrl, repository: `${repository.owner}/${repository.name}` };
  const zone = zoneOf(delivery);
  const readers = { ...place, language, ...(zone === undefined ? {} : { zone }) };
  return {
    status: (text) => statusText(text, language),
    stop: (text) => stopIssue(text, language, place),
    releaseNotes: (manifest) => releaseNotes(manifest, language, place),
    comment: (text) => commentText(text, readers),
    message: (channel, news) => messageFor(channel, news, readers),
    reportFiles: async (report) => {
      const { reportFiles } = await import(/* webpackMode: "eager" */ './report/report-files.ts');
      return reportFiles(report, language);
    }
  };
};

/** Each command is evaluated only when it runs; all of them live in the one bundle. */
const execute = async (context: Context, command: Command): Promise<Outcome> => {
  switch (command.name) {
    case 'plan':
      return (await import(/* webpackMode: "eager" */ './commands/plan.ts')).plan(context, command);
    case 'build':
      return (await import(/* webpackMode: "eager" */ './commands/build.ts')).build(context, command);
    case 'release':
      return (await import(/* webpackMode: "eager" */ './commands/release.ts')).release(context, command);
    case 'propose':
      return (await import(/* webpackMode: "eager" */ './commands/propose.ts')).propose(context, command);
    case 'deploy':
    case 'rollback':
      return (await import(/* webpackMode: "eager" */ './commands/deploy.ts')).deploy(context, command);
    case 'announce':
      return (await import(/* webpackMode: "eager" */ './commands/announce.ts')).announce(context, command);
    case 'up':
      return (await import(/* webpackMode: "eager" */ './commands/up.ts')).up(context, command);
    case 'down':
      return (await import(/* webpackMode: "eager" */ './commands/down.ts')).down(context, command);
    case 'doctor':
      return (await import(/* webpackMode: "eager" */ './commands/doctor.ts')).doctor(context, command);
    case 'report':
      return (await import(/* webpackMode: "eager" */ './commands/report.ts')).report(context, command);
    case 'verify':
      return (await import(/* webpackMode: "eager" */ './commands/verify.ts')).verify(context, command);
  }
};

/** Addresses of channels are secrets, also where the step took them from somewhere else than GitHub's secrets. */
const hideAddresses = ({ host, console }: Wiring, { announce }: Delivery): void => {
  for (const { variable } of announce.channels) {
    const address = host.environment[variable]?.trim() ?? '';
    if (address !== '') console.mask(address);
  }
};

/** Reads `delivery.yml` and connects the command with the world. Throws `config-missing`, `config-invalid`. */
export const prepare = async (wiring: Wiring): Promise<Prepared> => {
  const { parsed, console } = wiring;
  const { command, surroundings } = parsed;
  const delivery = await loadDelivery(surroundings.workspace, command.config);
  hideAddresses(wiring, delivery);
  const language = command.language ?? delivery.language ?? 'en';
  const context: Context = {
    surroundings,
    delivery,
    ports: portsOf(wiring),
    words: wordsIn(language, parsed, delivery),
    say: (progress) => console.info(progressText(progress, language)),
    fold: (progress, work) => console.group(progressText(progress, language), work)
  };
  const zone = zoneOf(delivery);
  return { language, ...(zone === undefined ? {} : { zone }), execute: () => execute(context, command) };
};
