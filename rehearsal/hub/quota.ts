import type { Caller } from './access.ts';

export interface Allowance {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

/** Primary limits: an hour's calls per person, and one share for all workflow tokens of the repository. */
export interface Quota {
  spend(caller: Caller): Allowance;
  look(caller: Caller): Allowance;
}

const HOUR = 3600;
const PERSON_LIMIT = 5000;

export const createQuota = (hourlyLimit: number, now: () => Date): Quota => {
  const windows = new Map<string, { used: number; reset: number }>();
  const windowOf = (caller: Caller): { used: number; reset: number } => {
    const key = caller.person ? caller.login : 'repository';
    const seconds = Math.floor(now().getTime() / 1000);
    const open = windows.get(key);
    if (open !== undefined && open.reset > seconds) return open;
    const fresh = { used: 0, reset: seconds + HOUR };
    windows.set(key, fresh);
    return fresh;
  };
  const look = (caller: Caller): Allowance => {
    const { used, reset } = windowOf(caller);
    const limit = caller.person ? PERSON_LIMIT : hourlyLimit;
    return { limit, used, remaining: Math.max(0, limit - used), reset };
  };
  return {
    look,
    spend: (caller) => {
      windowOf(caller).used += 1;
      return look(caller);
    }
  };
};

export const quotaHeaders = (allowance: Allowance, resource: string): Record<string, string> => ({
  'x-ratelimit-limit': String(allowance.limit),
  'x-ratelimit-remaining': String(allowance.remaining),
  'x-ratelimit-used': String(Math.min(allowance.used, allowance.limit)),
  'x-ratelimit-reset': String(allowance.reset),
  'x-ratelimit-resource': resource
});
