import { filled, html } from './html.ts';
import type { Html } from './html.ts';
import { DATA_FILE } from './sheet.ts';
import type { Sheet } from './sheet.ts';

export const dataLink = html`<a href="${DATA_FILE}">${DATA_FILE}</a>`;

/** How much is not on the page, and where it is; nothing where all of it is. */
export const leftOut = (count: number, { words }: Sheet): Html | undefined =>
  count > 0 ? html`<p class="soft">${filled((link) => words.rest(count, link), dataLink)}</p>` : undefined;
