import { loadDelivery } from './config/load.ts';
import type { Language } from './contract.ts';
import { createArchives } from './adapters/archive/archives.ts';
import { createClock } from './adapters/clock.ts';
import type { createConsole } from './adapters/console-actions.ts';
import { createHistory } from './adapters/history/history.ts';
import { createHosting } from './adapters/hosting-github/hosting.ts';
import { createImages } from './adapters/images-registry.ts';
import { createProbe } from './adapters/probe-http.ts';
import { createShell } from './adapters/shell.ts';
import type { Context } from './commands/context.ts';
import type { Outcome } from './domain/outcome.ts';
import type { Host } from './main.ts';
import type { Parsed } from './parse.ts';
import type { Ports } from './ports.ts';

export interface Wiring {
  readonly host: Host;
  readonly console: ReturnType<typeof createConsole>;
  readonly parsed: Parsed;
}

/** After a cancel, records are still closed; then nothing may keep the step from ending within 7 s. */
const LAST_WORDS_MS = 5000;
