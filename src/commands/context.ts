import { join } from 'node:path';
import type { Delivery } from '../config/delivery.ts';
import type { Channel, CommentText, News } from '../domain/announcement.ts';
import type { Surroundings } from '../domain/command.ts';
import type { Environment } from '../domain/environment.ts';
import type { Progress, StatusText, StopText } from '../domain/progress.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import type { DeliveryReport } from '../domain/report.ts';
import { refuse } from '../domain/refusal.ts';
import { tagForm } from '../domain/version.ts';
import type { TagForm, Version } from '../domain/version.ts';
import type { Ports } from '../ports.ts';
import { DEPLOY_LINES } from '../config/deploy-lines.ts';
import { fill } from '../rules/judge-verification.ts';
import { nearest } from '../rules/nearest.ts';

/** Texts that commands hand to GitHub, in the language of the repository. */
export interface Words {
  readonly status: (text: StatusText) => string;
  readonly stop: (text: StopText) => { readonly title: string; readonly body: string };
  readonly releaseNotes: (manifest: ReleaseManifest) => string;
  readonly comment: (text: CommentText) => string;
  /** The body of the request that brings the news. */
  readonly message: (channel: Channel['kind'], news: News) => string;
  /** The page and the badges, by their paths below the output folder. */
  readonly reportFiles: (
    report: DeliveryReport
  ) => Promise<readonly { readonly path: string; readonly content: string }[]>;
}

/** What every command works with. */
export interface Context {
  readonly surroundings: Surroundings;
  readonly delivery: Delivery;
  readonly ports: Ports;
  readonly words: Words;
  /** Tells people what happens, in their language. */
  readonly say: (progress: Progress) => void;
  /** The same as the title of a fold that holds everything the work prints. */
  readonly fold: <T>(progress: Progress, work: () => Promise<T>) => Promise<T>;
}

export const formOf = (context: Context): TagForm => tagForm(context.delivery.version.tag);

/** Names are case-insensitive, as on GitHub. */
export const environmentNamed = (context: Context, name: string): Environment => {
  const { environments } = context.delivery;
  const found = environments.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  if (environments.length === 0) throw refuse('deploy-undefined', { version: name, lines: DEPLOY_LINES });
  const known = nearest(
    name,
    environments.map((each) => each.name)
  ).join(', ');
  throw refuse('environment-unknown', { environment: name, known });
};

/** The address people open, its placeholders filled in. */
export const addressOf = (environment: Environment, version: Version): { readonly environmentUrl?: string } =>
  environment.url === undefined
    ? {}
    : { environmentUrl: fill(environment.url, { environment: environment.name, version }) };

export const inWorkspace = (context: Context, path: string): string => join(context.surroundings.workspace, path);

export const assertNotCancelled = (context: Context, command: string): void => {
  if (context.ports.signal.aborted) throw refuse('cancelled', { command });
};
