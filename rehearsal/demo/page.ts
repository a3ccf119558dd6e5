import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { NOTHING, same } from './story.ts';
import type { Live } from './story.ts';
import { ENVIRONMENTS } from './town.ts';

const Told = v.variant('kind', [
  v.object({ kind: v.literal('version'), version: v.string() }),
  v.object({ kind: v.picklist(['nothing', 'unknown']) })
]);
const Page = v.object({
  environments: v.array(v.object({ name: v.string(), lines: v.array(v.object({ live: Told })) }))
});

/** The published numbers must say of each environment what was seen there. Throws `Surprise` where they do not. */
export const judgePage = (site: string, live: Live): void => {
  const { environments } = v.parse(Page, JSON.parse(readFileSync(join(site, 'delivery.json'), 'utf8')));
  for (const environment of ENVIRONMENTS) {
    const told = environments.find(({ name }) => name === environment)?.lines[0]?.live;
    same(`${environment} on the page`, told?.kind === 'version' ? told.version : NOTHING, live[environment]);
  }
};
