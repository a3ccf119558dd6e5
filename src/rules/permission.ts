import { PERMISSIONS } from '../domain/permissions.ts';
import type { CommandName } from '../contract.ts';

const scopeOf = (permission: string): string => permission.replace(/:.*$/, '');

/**
 * The permission the command documents for the scope of the missing one. A call that only reads asks for `read`;
 * whoever grants no more than that is refused again by the first call that writes.
 */
export const documentedPermission = (command: CommandName, missing: string): string =>
  Object.keys(PERMISSIONS[command]).find((line) => scopeOf(line) === scopeOf(missing) && !missing.includes(',')) ??
  missing;
