import { describe, expect, test } from '@jest/globals';
import { documentedPermission } from '../../src/rules/permission.ts';

describe('the permission to ask for', () => {
  test.each([
    ['deploy', 'deployments: read', 'deployments: write'],
    ['plan', 'deployments: read', 'deployments: read'],
    ['release', 'contents: read', 'contents: write'],
    ['build', 'packages: write', 'packages: write'],
    ['deploy', 'contents: write, workflows: write', 'contents: write, workflows: write']
  ] as const)('%s misses %s: %s', (command, missing, asked) => {
    expect(documentedPermission(command, missing)).toBe(asked);
  });
});
