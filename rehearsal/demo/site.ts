import { join } from 'node:path';
import { openRehearsal } from '../engine/index.ts';
import type { Rehearsal } from '../engine/index.ts';
import type { Pages } from '../hub/index.ts';
import { createDesk, createPages } from '../pages/index.ts';
import type { Desk } from '../pages/index.ts';

export const AUTHOR = 'ana';
export const REVIEWER = 'rui';

/** A GitHub on this machine with the workflow running on it, its pages, and the desk where its gates are answered. */
export interface Site {
  readonly rehearsal: Rehearsal;
  readonly desk: Desk;
}

export interface SiteOptions {
  /** The folder with the `action.yml` that the workflow uses. */
  readonly action: string;
  /** What a self-hosted runner of the shop would have set. */
  readonly machine: Readonly<Record<string, string>>;
}

/** As the template names the action, until a version is published. */
const ACTION = `OWNER/esteira@${'0'.repeat(40)}`;

export const ROOT = join(import.meta.dirname, '..', '..');

/** `staging` is free, `production` has a required reviewer who may not be the author. */
export const openSite = async ({ action, machine }: SiteOptions): Promise<Site> => {
  let pages: Pages | undefined;
  const rehearsal = await openRehearsal({
    files: { 'README.md': '# The shop\n' },
    actionMap: { [ACTION]: action },
    environments: { staging: {}, production: { reviewers: [REVIEWER], preventSelfReview: true } },
    machineEnvironment: machine,
    hub: { pages: async (request, url) => pages?.(request, url) }
  });
  const desk = createDesk(rehearsal);
  pages = createPages({ rehearsal, desk, reviewer: REVIEWER });
  return { rehearsal, desk };
};
