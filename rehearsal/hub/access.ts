import { randomBytes } from 'node:crypto';

/** The scopes a workflow's `permissions:` knows. */
export const SCOPES = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses'
] as const;
export type Scope = (typeof SCOPES)[number];
export type Level = 'read' | 'write' | 'none';
export type Permissions = Readonly<Partial<Record<Scope, Level>>> | 'read-all' | 'write-all';

export interface TokenRequest {
  readonly permissions: Permissions;
  /** The run it belongs to; it dies with the run. */
  readonly run?: number | { readonly id: number };
  /** The job of the run, as the log is to name it. */
  readonly job?: string;
  /** Who writes with it; the platform's bot unless said otherwise. */
  readonly actor?: string;
}

/** What an operation asks of a token. `metadata` every token has; `administration` no workflow token can have. */
export type Need =
  | { readonly scope: Scope; readonly level: 'read' | 'write' }
  | { readonly scope: 'metadata' | 'administration' | 'review' };

export interface Caller {
  readonly login: string;
  readonly person: boolean;
  readonly run?: number;
  readonly job?: string;
  allows(scope: Scope, level: 'read' | 'write'): boolean;
}

export const BOT = 'github-actions[bot]';

/** Whether `permissions:` of a job give this. */
export const holds = (permissions: Permissions, scope: Scope, level: 'read' | 'write'): boolean => {
  if (permissions === 'write-all') return true;
  if (permissions === 'read-all') return level === 'read';
  const held = permissions[scope];
  return held === 'write' || (held === 'read' && level === 'read');
};

export interface Access {
  token(request: TokenRequest): string;
  personToken(login: string): string;
  /** Undefined for a token never given out, or one whose run is over. */
  callerOf(token: string): Caller | undefined;
  expire(run: number): void;
}

const checkScopes = (permissions: Permissions): void => {
  if (typeof permissions === 'string') return;
  const known: readonly string[] = SCOPES;
  const unknown = Object.keys(permissions).filter((scope) => !known.includes(scope));
  if (unknown.length > 0) throw new TypeError(`permissions: GitHub knows no scope "${unknown.join('", "')}"`);
};

export const createAccess = (): Access => {
  const callers = new Map<string, Caller>();
  const give = (prefix: string, caller: Caller): string => {
    const token = prefix + randomBytes(18).toString('hex');
    callers.set(token, caller);
    return token;
  };
  return {
    token: ({ permissions, run, job, actor = BOT }) => {
      checkScopes(permissions);
      const id = typeof run === 'object' ? run.id : run;
      return give('ghs_', {
        login: actor,
        person: false,
        ...(id === undefined ? {} : { run: id }),
        ...(job === undefined ? {} : { job }),
        allows: (scope, level) => holds(permissions, scope, level)
      });
    },
    personToken: (login) => give('ghp_', { login, person: true, allows: () => true }),
    callerOf: (token) => callers.get(token),
    expire: (run) => {
      for (const [token, caller] of callers) if (caller.run === run) callers.delete(token);
    }
  };
};

/** The token of an `Authorization` header: `Bearer x`, `token x`, or Basic with the token as password, as git sends it. */
export const tokenIn = (authorization: string | undefined): string | undefined => {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return value;
    case 'basic': {
      const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
      return password;
    }
    default:
      return undefined;
  }
};

/** Whether the token may: reads of a public repository are open to every token. */
export const mayDo = (caller: Caller, need: Need, visibility: 'public' | 'private'): boolean => {
  if (!('level' in need)) return need.scope === 'metadata' || caller.person;
  return (need.level === 'read' && visibility === 'public') || caller.allows(need.scope, need.level);
};
