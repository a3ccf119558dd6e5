import { SCOPES } from '../hub/access.ts';
import type { Level, Scope } from '../hub/access.ts';
import type { Permissions } from '../hub/index.ts';
import { RehearsalError } from './errors.ts';

/** What GitHub gives a repository whose setting is the restricted default. */
export const RESTRICTED: Permissions = { contents: 'read', packages: 'read' };

const RANK: Readonly<Record<Level, number>> = { none: 0, read: 1, write: 2 };

const levelOf = (permissions: Permissions, scope: Scope): Level => {
  if (permissions === 'read-all') return 'read';
  if (permissions === 'write-all') return 'write';
  return permissions[scope] ?? 'none';
};

/** A called workflow may lower what its caller has, never raise it; GitHub refuses the whole run otherwise. */
export const lowered = (allowed: Permissions, asked: Permissions, job: string): Permissions => {
  for (const scope of SCOPES) {
    const [most, wanted] = [levelOf(allowed, scope), levelOf(asked, scope)];
    if (RANK[wanted] > RANK[most]) {
      throw new RehearsalError(
        `The nested job '${job}' is requesting '${scope}: ${wanted}', but is only allowed '${scope}: ${most}'`
      );
    }
  }
  return asked;
};

/** What a run of a fork's pull request is left with, whatever its file asks for (docs: "GITHUB_TOKEN"). */
export const readingOnly = (permissions: Permissions): Permissions => {
  if (permissions === 'write-all') return 'read-all';
  if (permissions === 'read-all') return permissions;
  return Object.fromEntries(
    Object.entries(permissions).map(([scope, level]): [string, Level] => [scope, level === 'write' ? 'read' : level])
  );
};
