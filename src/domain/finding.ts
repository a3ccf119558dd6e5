/**
 * What an audit found. `broken`: a promise of `delivery.yml` is false as things are; `note`: it could be better;
 * `unchecked`: nobody knows, for the token may not look.
 */
export type Severity = 'broken' | 'note' | 'unchecked';

/** Where somebody changes it: a page of the repository's settings, or a line of a file. */
export type Place =
  | { readonly kind: 'page'; readonly page: SettingsPage }
  | { readonly kind: 'file'; readonly path: string; readonly line: number };

export type SettingsPage = 'environments' | 'rules' | 'releases' | 'actions' | 'pages';

/** How GitHub Pages builds the site of the repository (`legacy`: from a branch), or that there is none. */
export type SiteSource = 'off' | 'legacy' | 'workflow';

interface OfEnvironment {
  readonly environment: string;
}

interface OfJob {
  readonly job: string;
}

/** What is wrong, as data; the catalogues say it in words. */
export type Flaw =
  | (OfEnvironment & {
      readonly kind:
        | 'gate-missing'
        | 'gate-open'
        | 'gate-unenforced'
        | 'self-review'
        | 'admins-bypass'
        | 'any-branch'
        | 'not-created'
        | 'nothing-needed'
        | 'nobody-asked';
    })
  | (OfEnvironment & { readonly kind: 'gate-unexpected'; readonly rules: string })
  | (OfEnvironment & { readonly kind: 'gate-timer'; readonly minutes: number })
  | { readonly kind: 'tags-free'; readonly tag: string; readonly rules: string }
  | {
      readonly kind:
        | 'releases-mutable'
        | 'token-writes'
        | 'pins-optional'
        | 'plan-limits'
        | 'site-off'
        | 'site-of-branch';
    }
  | { readonly kind: 'not-checked'; readonly subject: Subject; readonly needs: string }
  | { readonly kind: 'no-line' | 'permissions-open' | 'no-config' | 'no-deploy' | 'no-verify' }
  | { readonly kind: 'unpinned'; readonly uses: string }
  | (OfJob & { readonly kind: 'cancels' | 'drops' | 'holds-queue' })
  | (OfJob & OfEnvironment & { readonly kind: 'gate-bypassed' })
  | { readonly kind: 'copy-changed' | 'copy-other'; readonly template: string; readonly version: string }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** What could not be looked at. */
export type Subject = 'environment' | 'tags' | 'releases' | 'token' | 'pins' | 'site';

export interface Finding {
  readonly severity: Severity;
  readonly flaw: Flaw;
  readonly place: Place;
}

/** A setting as far as the token may see it; `needs` names the right it lacks. */
export type Setting<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly needs: string };

/** An active ruleset for tags. */
export interface TagRuleset {
  /** `~ALL`, or patterns such as `refs/tags/v*`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** GitHub's types: `update`, `deletion`, `non_fast_forward`, ... */
  readonly rules: readonly string[];
}
