import { PERMISSIONS } from '../../src/domain/permissions.ts';
import type { CommandName } from '../../src/contract.ts';

/** What a job's `permissions` grant: lines such as `contents: read`. */
export const granting = (lines: readonly string[]): Record<string, 'read' | 'write'> =>
  Object.fromEntries(
    lines.map((line): [string, 'read' | 'write'] => {
      const [scope = '', level] = line.split(': ');
      return [scope, level === 'write' ? 'write' : 'read'];
    })
  );

/** What a job that runs the command is given: exactly what the documentation asks for. */
export const permissionsOf = (command: CommandName): Record<string, 'read' | 'write'> =>
  granting(Object.keys(PERMISSIONS[command]));
