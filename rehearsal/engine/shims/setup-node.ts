import { only } from './inputs.ts';
import type { Shim } from './shim.ts';

/** The machine's Node is the one Node there is: inputs are checked, nothing is installed or cached. */
export const setupNodeShim: Shim = {
  inputs: {
    'node-version': '',
    'node-version-file': '',
    'check-latest': 'false',
    cache: '',
    'package-manager-cache': 'false'
  },
  run: async ({ inputs, say }) => {
    only(inputs, 'check-latest', ['false', 'true']);
    only(inputs, 'cache', ['', 'npm']);
    const major = /^v?(\d+)/.exec(process.version)?.[1] ?? '';
    const asked = /^v?(\d+)/.exec(inputs['node-version'] ?? '')?.[1] ?? major;
    say(`Node ${process.version} stands in for ${inputs['node-version'] ?? ''}`);
    if (asked !== major) throw new Error(`Unable to find Node version '${asked}': this machine has ${process.version}`);
    return { outputs: { 'node-version': process.version, 'cache-hit': 'false' } };
  }
};
