import type { Channel } from '../domain/announcement.ts';
import type { Environment } from '../domain/environment.ts';
import type { Process } from '../domain/release.ts';
import type { Scheme } from '../domain/version.ts';
import type { Language } from '../contract.ts';

/** `delivery.yml` with every default filled in and every duration in seconds. */
export interface Delivery {
  /** The file it came from, or undefined when there is none and only defaults hold. */
  readonly file?: string;
  readonly version: {
    readonly scheme: Scheme;
    /** Holds `{version}` exactly once. */
    readonly tag: string;
    readonly releaseOn: 'any' | 'conventional';
    /** Git pathspecs (glob magic) of the component; empty = the whole repository. */
    readonly paths: readonly string[];
  };
  readonly build: {
    readonly run?: string;
    /** Globs of what is delivered; empty = the whole tracked tree. */
    readonly files: readonly string[];
    readonly images: readonly string[];
    readonly timeoutSeconds: number;
  };
  readonly process: Process;
  readonly rollback: 'automatic' | 'manual';
  /** In the order they are written. */
  readonly environments: readonly Environment[];
  readonly preview?: {
    readonly up: string;
    readonly down: string;
    readonly expiresSeconds: number;
    readonly timeoutSeconds: number;
  };
  readonly announce: {
    /** Whether the release that is live is the latest one of the whole repository. */
    readonly latest: boolean;
    /** Conversations with this label are left alone. */
    readonly skipLabel: string;
    readonly channels: readonly Channel[];
  };
  readonly language?: Language;
  readonly report?: {
    /** Whether a report may hold what people wrote; not said, only that of a public repository does. */
    readonly titles?: boolean;
    /** IANA name. */
    readonly zone?: string;
  };
}

/** The time zone people of this project live in, when the file names one. */
export const zoneOf = ({ report, environments }: Pick<Delivery, 'report' | 'environments'>): string | undefined =>
  report?.zone ?? environments.flatMap(({ freeze }) => freeze).at(0)?.zone;
