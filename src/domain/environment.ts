/** A period without deliveries. Weekly windows are `Fri 16:00 - Mon 08:00` in a time zone. */
export type Freeze =
  | {
      readonly kind: 'weekly';
      readonly from: WeekTime;
      readonly to: WeekTime;
      readonly zone: string;
      readonly reason: string;
    }
  /** `from` and `to` are days (`2026-12-20`), both included, in `zone`. */
  | {
      readonly kind: 'dates';
      readonly from: string;
      readonly to: string;
      readonly zone: string;
      readonly reason: string;
      readonly owner?: string;
    };

/** Minutes since Monday 00:00. */
export type WeekTime = number;

export type Gate = 'approval' | 'none' | 'dispatch';

/**
 * GitHub's limit is 255 characters; control characters and outer spaces would only hide which one is meant, and in the
 * address of an environment `.` and `..` mean another page.
 */
// oxlint-disable-next-line no-control-regex -- refusing them is the point
export const ENVIRONMENT_NAME = /^(?!\s)(?!\.{1,2}$)[^\u0000-\u001F\u007F-\u009F\u2028\u2029]{1,255}(?<!\s)$/;

/** One environment as `delivery.yml` defines it, every default filled in. */
export interface Environment {
  readonly name: string;
  readonly url?: string;
  readonly needs: readonly string[];
  readonly gate: Gate;
  readonly soakSeconds: number;
  readonly maxChanges?: number;
  readonly freeze: readonly Freeze[];
  readonly rehearseRollback: boolean;
  readonly bestBeforeSeconds?: number;
  readonly up?: string;
  readonly down?: string;
}

/** What GitHub's protection rules enforce on an environment. */
export type Protection =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'present';
      /** Logins of users and slugs of teams; one approval is enough. */
      readonly reviewers: readonly string[];
      readonly preventSelfReview: boolean;
      readonly adminsCanBypass?: boolean;
      readonly waitMinutes: number;
      /** Runs of every branch and tag may name the environment. */
      readonly anyBranch?: boolean;
    };

export interface Approval {
  readonly environments: readonly string[];
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly user: string;
  readonly comment: string;
}

/** An open issue labelled `line-stopped`. Closing it resumes the line. */
export interface Stop {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly createdAt: string;
}
