import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { holds } from '../../hub/access.ts';
import { only, whole } from './inputs.ts';
import type { Shim } from './shim.ts';

/** Where the published site of a rehearsal lies, as files. */
export const pagesFolder = (directory: string): string => join(directory, 'pages');

/**
 * actions/deploy-pages 5: publishes the artifact that an earlier job of the run made. GitHub asks for `pages: write` and for
 * an identity (`id-token: write`); what the job lacks is named as the real action names it.
 */
export const deployPagesShim: Shim = {
  inputs: {
    timeout: '600000',
    error_count: '10',
    reporting_interval: '5000',
    artifact_name: 'github-pages',
    preview: 'false'
  },
  run: async ({ inputs, machine, say }) => {
    only(inputs, 'preview', ['false']);
    for (const name of ['timeout', 'error_count', 'reporting_interval']) whole(inputs, name);
    const { site, run, permissions } = machine;
    for (const scope of ['pages', 'id-token'] as const) {
      if (!holds(permissions, scope, 'write')) throw new Error(`Ensure GITHUB_TOKEN has permission "${scope}: write".`);
    }
    const name = inputs['artifact_name'] ?? '';
    const found = site.artifacts.list(run.id).find((each) => each.name === name);
    if (found === undefined) throw new Error(`No artifacts named "${name}" were found for this workflow run.`);
    const folder = pagesFolder(site.directory);
    await rm(folder, { recursive: true, force: true });
    await site.artifacts.fetch(found, folder);
    say(`Published ${found.files.length} files`);
    return { outputs: { page_url: `https://${site.hub.owner}.github.io/${site.hub.name}/` } };
  }
};
