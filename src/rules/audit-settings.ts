import type { Delivery } from '../config/delivery.ts';
import type { Environment, Protection } from '../domain/environment.ts';
import type {
  Finding,
  Flaw,
  Setting,
  SettingsPage,
  Severity,
  SiteSource,
  Subject,
  TagRuleset
} from '../domain/finding.ts';
import { tagForm, tagOf, versionOf } from '../domain/version.ts';
import type { Numbers } from '../domain/version.ts';
import { matchesPattern } from './ref-pattern.ts';

/** Everything the audit knows of the repository's settings. */
export interface SettingsFacts {
  readonly visibility: 'public' | 'private';
  readonly protections: ReadonlyMap<string, Setting<Protection>>;
  readonly tags: Setting<readonly TagRuleset[]>;
  readonly immutableReleases: Setting<boolean>;
  readonly tokenDefault: Setting<'read' | 'write'>;
  readonly pinsRequired: Setting<boolean>;
  /** Absent where no workflow publishes one. */
  readonly site?: Setting<SiteSource>;
}

const on = (page: SettingsPage, severity: Severity, flaw: Flaw): Finding => ({
  severity,
  flaw,
  place: { kind: 'page', page }
});

const unchecked = (page: SettingsPage, subject: Subject, needs: string): Finding =>
  on(page, 'unchecked', { kind: 'not-checked', subject, needs });

type Present = Extract<Protection, { kind: 'present' }>;

const noGate = (facts: SettingsFacts, environment: string, kind: 'gate-missing' | 'gate-open'): Finding =>
  on('environments', 'broken', { kind: facts.visibility === 'private' ? 'gate-unenforced' : kind, environment });

const aroundTheGate = (environment: string, { preventSelfReview, adminsCanBypass, waitMinutes }: Present): Flaw[] => [
  ...(preventSelfReview ? [] : [{ kind: 'self-review', environment } as const]),
  ...(adminsCanBypass === true ? [{ kind: 'admins-bypass', environment } as const] : []),
  ...(waitMinutes > 0 ? [{ kind: 'gate-timer', environment, minutes: waitMinutes } as const] : [])
];

const unexpectedRules = ({ reviewers, waitMinutes }: Present): string =>
  [...(reviewers.length > 0 ? ['Required reviewers'] : []), ...(waitMinutes > 0 ? ['Wait timer'] : [])].join(', ');

const notes = (flaws: readonly Flaw[]): readonly Finding[] => flaws.map((flaw) => on('environments', 'note', flaw));

const presentGate = (facts: SettingsFacts, { name, gate }: Environment, rules: Present): readonly Finding[] => {
  const environment = name;
  const branches: Flaw[] = rules.anyBranch === true ? [{ kind: 'any-branch', environment }] : [];
  if (gate === 'approval') {
    if (rules.reviewers.length === 0) return [noGate(facts, environment, 'gate-open'), ...notes(branches)];
    return notes([...aroundTheGate(environment, rules), ...branches]);
  }
  const unexpected = gate === 'none' ? unexpectedRules(rules) : '';
  if (unexpected === '') return notes(branches);
  return [
    on('environments', 'broken', { kind: 'gate-unexpected', environment, rules: unexpected }),
    ...notes(branches)
  ];
};

/** Does GitHub enforce the gate that `delivery.yml` promises, and what weakens it? */
export const auditGate = (facts: SettingsFacts, environment: Environment): readonly Finding[] => {
  const setting = facts.protections.get(environment.name);
  if (setting === undefined || setting.kind === 'unknown')
    return [unchecked('environments', 'environment', setting?.needs ?? 'actions: read')];
  if (setting.value.kind === 'present') return presentGate(facts, environment, setting.value);
  return environment.gate === 'approval'
    ? [noGate(facts, environment.name, 'gate-missing')]
    : notes([{ kind: 'not-created', environment: environment.name }]);
};

/** Tags of every shape a version can have; a rule must cover them all. */
const SAMPLES: readonly Numbers[] = [
  [0, 1, 0],
  [1, 2, 3],
  [10, 20, 30],
  [2026, 11, 0]
];

const PREFIX = 'refs/tags/';

const covers = ({ include, exclude }: TagRuleset, tag: string): boolean => {
  const takes = (pattern: string): boolean => pattern === '~ALL' || matchesPattern(pattern, PREFIX + tag);
  return include.some(takes) && !exclude.some(takes);
};

/** What keeps a version's tag from being moved or removed. Creating it must stay open, or nothing can be released. */
const TAG_RULES = ['update', 'deletion'] as const;

const auditTags = (facts: SettingsFacts, { version }: Delivery): readonly Finding[] => {
  if (facts.tags.kind === 'unknown') return [unchecked('rules', 'tags', facts.tags.needs)];
  const rulesets = facts.tags.value;
  const tags = SAMPLES.map((numbers) => tagOf(tagForm(version.tag), versionOf(numbers)));
  const missing = TAG_RULES.filter(
    (rule) => !tags.every((tag) => rulesets.some((each) => each.rules.includes(rule) && covers(each, tag)))
  );
  if (missing.length === 0) return [];
  const pattern = version.tag.replace('{version}', '*');
  return [on('rules', 'note', { kind: 'tags-free', tag: pattern, rules: missing.join(', ') })];
};

interface Expected<T> {
  readonly page: SettingsPage;
  readonly subject: Subject;
  readonly good: T;
  readonly flaw: Flaw;
}

const auditSetting = <T>(setting: Setting<T>, { page, subject, good, flaw }: Expected<T>): readonly Finding[] => {
  if (setting.kind === 'unknown') return [unchecked(page, subject, setting.needs)];
  return setting.value === good ? [] : [on(page, 'note', flaw)];
};

/** Only the workflow that publishes the report's page needs it. */
const auditSite = ({ site }: SettingsFacts): readonly Finding[] => {
  if (site === undefined) return [];
  const flaw: Flaw = { kind: site.kind === 'known' && site.value === 'off' ? 'site-off' : 'site-of-branch' };
  return auditSetting(site, { page: 'pages', subject: 'site', good: 'workflow', flaw });
};

/** GitHub's own settings: gates, tags, releases, tokens, pins; and what the plan of a private repository leaves out. */
export const auditSettings = (facts: SettingsFacts, delivery: Delivery, asked: readonly Environment[]): Finding[] => [
  ...asked.flatMap((environment) => auditGate(facts, environment)),
  ...(facts.visibility === 'private' ? [on('environments', 'note', { kind: 'plan-limits' })] : []),
  ...auditTags(facts, delivery),
  ...auditSetting(facts.immutableReleases, {
    page: 'releases',
    subject: 'releases',
    good: true,
    flaw: { kind: 'releases-mutable' }
  }),
  ...auditSetting(facts.tokenDefault, {
    page: 'actions',
    subject: 'token',
    good: 'read',
    flaw: { kind: 'token-writes' }
  }),
  ...auditSetting(facts.pinsRequired, {
    page: 'actions',
    subject: 'pins',
    good: true,
    flaw: { kind: 'pins-optional' }
  }),
  ...auditSite(facts)
];
