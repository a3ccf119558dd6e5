import type { Setting, SiteSource, TagRuleset } from '../domain/finding.ts';

/** What an administrator set up; a setting the token may not see is `unknown`. */
export interface Settings {
  /** The active rulesets for tags, at most 20. */
  tagRulesets(): Promise<Setting<readonly TagRuleset[]>>;
  immutableReleases(): Promise<Setting<boolean>>;
  /** What a job's token may where its workflow says nothing. */
  tokenDefault(): Promise<Setting<'read' | 'write'>>;
  /** Whether GitHub itself refuses actions that are not pinned to a commit. */
  pinsRequired(): Promise<Setting<boolean>>;
  site(): Promise<Setting<SiteSource>>;
}
