import type { MetricRule } from '../../domain/report.ts';

type Named<Keys extends string> = Readonly<Record<Keys, string>>;

/** Names of things may be markup by the time they arrive: sentences only place them. */
export interface DashboardTexts {
  readonly title: (repository: string) => string;
  readonly skip: string;
  /** Names the row of links to the sections. */
  readonly contents: string;
  readonly asOf: (moment: string) => string;
  readonly zone: (zone: string) => string;
  readonly sections: Named<'live' | 'waiting' | 'versions' | 'journey' | 'metrics' | 'history'>;
  readonly nothingYet: string;
  readonly noData: string;
  readonly none: string;
  readonly by: (names: string) => string;
  readonly ago: (duration: string) => string;
  readonly changes: (count: number) => string;
  readonly deliveries: (count: number) => string;
  readonly versions: (count: number) => string;
  readonly more: (count: number) => string;
  /** What is left out, and where it is. */
  readonly rest: (count: number, link: string) => string;
  readonly live: LiveTexts;
  readonly waiting: WaitingTexts;
  readonly journey: JourneyTexts;
  readonly metrics: MetricTexts;
  readonly trend: TrendTexts;
  readonly history: HistoryTexts;
  readonly foot: FootTexts;
}

export interface LiveTexts {
  readonly since: (moment: string, duration: string) => string;
  readonly approvedBy: (names: string) => string;
  readonly nothing: string;
  /** A delivery broke half way. */
  readonly unknown: (version: string) => string;
  readonly open: (version: string, moment: string) => string;
  readonly visit: (environment: string) => string;
  readonly matrixCaption: string;
  readonly component: string;
  readonly version: string;
  readonly released: (moment: string) => string;
  readonly states: Named<'live' | 'was' | 'failed' | 'broken' | 'withdrawn' | 'open' | 'waits' | 'never' | 'unknown'>;
  readonly stopped: (title: string, author: string) => string;
  readonly stoppedSince: (moment: string, duration: string) => string;
}

export interface WaitingTexts {
  readonly nothing: (environment: string) => string;
  readonly before: (environment: string) => string;
  readonly oldest: (duration: string) => string;
  readonly stock: (changeDays: string) => string;
  readonly usual: (changes: string) => string;
  readonly approve: (version: string) => string;
  readonly choose: (version: string) => string;
  readonly byItself: string;
  readonly runWaits: (duration: string) => string;
  readonly breaking: string;
  /** Stands for a title that is left out. */
  readonly untitled: (commit: string) => string;
}

export interface JourneyTexts {
  readonly way: (version: string) => string;
  readonly steps: {
    readonly whole: string;
    readonly work: string;
    readonly build: string;
    readonly wait: (environment: string) => string;
    readonly deliver: (environment: string) => string;
  };
  readonly states: Named<'running' | 'waiting' | 'failed'>;
  readonly inAll: (whole: string, share: string) => string;
  readonly soFar: (whole: string, share: string) => string;
  readonly earlier: string;
}

export interface MetricTexts {
  readonly names: Readonly<Record<MetricRule, string>>;
  readonly rules: Readonly<Record<MetricRule, string>>;
  readonly more: string;
  readonly days: (days: number) => string;
  readonly aDay: (rate: string) => string;
  readonly oneEvery: (duration: string) => string;
  readonly onDays: (days: number) => string;
  readonly ofAll: (part: number, all: number) => string;
  readonly p90: (duration: string) => string;
  readonly changes: (count: number) => string;
  readonly open: (count: number) => string;
  readonly target: (count: number) => string;
  readonly before: (value: string) => string;
  readonly reach: (moment: string) => string;
  readonly unread: (count: number) => string;
  readonly unbegun: (count: number) => string;
  readonly quickCheck: QuickCheckTexts;
  /** Numbers of an environment that others need. */
  readonly others: (environment: string) => string;
}

/** The score of DORA's Quick Check. */
export interface QuickCheckTexts {
  readonly name: string;
  readonly rule: string;
  readonly score: (value: string) => string;
  readonly throughput: (value: string) => string;
  readonly stability: (value: string) => string;
}

export interface TrendTexts {
  readonly title: string;
  readonly deployments: string;
  readonly lead: string;
  readonly batch: string;
  readonly rate: string;
  readonly good: string;
  readonly failed: string;
  readonly median: string;
  readonly band: string;
  readonly week: string;
  readonly numbers: string;
  readonly newest: (value: string) => string;
}

export interface HistoryTexts {
  readonly columns: Named<'when' | 'version' | 'from' | 'who' | 'changes' | 'result' | 'again'>;
  readonly caption: (environment: string) => string;
  readonly again: string;
  readonly nothingNew: string;
  readonly asked: (name: string) => string;
  /** Nobody asked for it: it went back because the version before it broke. */
  readonly byItself: string;
  readonly results: Named<
    'live' | 'delivered' | 'rollback' | 'rebuild' | 'redeploy' | 'failed' | 'taken-back' | 'withdrawn' | 'open'
  >;
  readonly causes: Named<'rollback' | 'hotfix' | 'revert' | 'failed-check' | 'incident'>;
  readonly wrong: (causes: string) => string;
  readonly recovered: (duration: string) => string;
  readonly stillOpen: (duration: string) => string;
  readonly overridden: (rules: string) => string;
  readonly failures: (count: number) => string;
}

export interface FootTexts {
  readonly data: (link: string) => string;
  readonly noTitles: string;
  readonly made: string;
}
