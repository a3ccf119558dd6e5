import { html } from './html.ts';
import type { Html, Part } from './html.ts';

export interface Head {
  readonly caption: string;
  readonly look: string;
  readonly heads: readonly Part[];
}

/** A table that scrolls by itself where the screen is too narrow, also by keyboard. */
export const scrolled = ({ caption, look, heads }: Head, rows: readonly Html[]): Html =>
  html`<div class="scroll" role="group" tabindex="0" aria-label="${caption}">
    <table class="${look}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
