import type { Answer } from '../hub/index.ts';
import { html } from './html.ts';
import type { Html, Part } from './html.ts';
import { STYLE_DIGEST, STYLE_TAG } from './style.ts';

export interface Page {
  readonly title: string;
  /** `acme/shop` */
  readonly repository: string;
  readonly body: Part;
  /** Seconds until the browser asks again; never while a person decides. */
  readonly refresh?: number | undefined;
  /** Default: 200. */
  readonly status?: number;
}

/** No scripts, no frames around us, no forms to elsewhere; `same-origin` keeps the Origin that forms are checked by. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src '${STYLE_DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff'
};

const AS_IT_WAS = 'Load this page again to see what has changed since.';

const documentOf = ({ title, repository, body, refresh }: Page): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${refresh}" />`}
        <title>${title} · ${repository}</title>
        ${STYLE_TAG}
      </head>
      <body>
        <header><a href="/">${repository}</a><span>a GitHub in a box, on this machine only</span></header>
        <main>${body}</main>
        <footer>${refresh === undefined ? AS_IT_WAS : `This page loads itself again every ${refresh} seconds.`}</footer>
      </body>
    </html> `;

export const pageAnswer = (page: Page): Answer => ({
  status: page.status ?? 200,
  headers: HEADERS,
  body: Buffer.from(documentOf(page).markup)
});
