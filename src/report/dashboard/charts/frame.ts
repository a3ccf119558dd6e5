import { html } from '../html.ts';
import type { Html, Part } from '../html.ts';
import type { Week } from '../../../domain/report.ts';
import type { Sheet } from '../sheet.ts';

export const WIDTH = 300;
/** Room for the name of the largest value above, and for the weeks below. */
const TOP = 18;
const BOTTOM = 26;

/** A strip of the picture with a scale of its own. */
export interface Strip {
  readonly top: number;
  readonly height: number;
  readonly largest: number;
}

export const stripOf = (top: number, height: number, largest: number): Strip => ({ top: top + TOP, height, largest });

export const heightOf = (strips: readonly Strip[]): number =>
  Math.max(...strips.map(({ top, height }) => top + height)) + BOTTOM;

/** Whole and half units are enough on a screen, and shorter. */
const rounded = (pixels: number): number => Math.round(pixels * 2) / 2;

export const yOf = (value: number, { top, height, largest }: Strip): number =>
  rounded(top + height - (largest === 0 ? 0 : (Math.min(value, largest) / largest) * height));

/** The week's share of the width; few weeks do not become wide ones. */
export const slotOf = (weeks: number): number => WIDTH / Math.max(weeks, 8);

/** The middle of a week; the newest one stands at the right edge. */
export const xOf = (index: number, weeks: number): number => {
  const slot = slotOf(weeks);
  return rounded(WIDTH - (weeks - index - 0.5) * slot);
};

/** The base line, and the largest value with its name. */
export const scaleOf = (strip: Strip, name: Part): Html => {
  const base = strip.top + strip.height;
  return html`<path class="grid" d="M0 ${strip.top}H${WIDTH}M0 ${base}H${WIDTH}" /><text x="0" y="${strip.top - 5}"
      >${name}</text
    >`;
};

/** The first day of the first, the middle and the last week. */
export const weekNames = (weeks: readonly Week[], height: number, { clock }: Sheet): Html => {
  const last = weeks.length - 1;
  const chosen = [...new Set(weeks.length > 6 ? [0, Math.round(last / 2), last] : [0, last])];
  return html`${chosen.map((index) => {
    const anchorAt = index === last ? 'end' : index === 0 && weeks.length >= 8 ? 'start' : 'middle';
    const x = anchorAt === 'end' ? WIDTH : anchorAt === 'start' ? 0 : xOf(index, weeks.length);
    return html`<text x="${x}" y="${height - 4}" text-anchor="${anchorAt}"
      >${clock.short(weeks[index]?.from ?? '')}</text
    >`;
  })}`;
};

export interface Picture {
  readonly title: string;
  /** The newest value in words, for those who do not see the picture. */
  readonly reading: string;
  readonly legend: readonly (readonly [look: string, name: string])[];
  readonly strips: readonly Strip[];
  readonly marks: Part;
}

export const pictureOf = (
  { title, reading, legend, strips, marks }: Picture,
  weeks: readonly Week[],
  sheet: Sheet
): Html => {
  const height = heightOf(strips);
  const keys = legend.map(
    ([look, name]) =>
      html`<li>
        <svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${look}" width="12" height="12" /></svg>${name}
      </li>`
  );
  return html`<figure>
    <figcaption>
      <h4>${title}</h4>
      <ul class="legend">
        ${keys}
      </ul>
    </figcaption>
    <svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${`${title}. ${reading}`}">
      ${marks}${weekNames(weeks, height, sheet)}
    </svg>
  </figure>`;
};

const NICE = [1, 2, 5];

/** The least of 1, 2, 5, 10, 20 ... that is not smaller. */
export const niceCount = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return (NICE.find((step) => step * power >= value) ?? 10) * power;
};

const HOUR = 3600;
const DAY = 24 * HOUR;
const NICE_DAYS = [1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90].map((days) => days * DAY);
const NICE_SPANS = [300, 900, 1800, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, ...NICE_DAYS];

/** Minutes, hours or whole days that people round to. */
export const niceSpan = (seconds: number): number => {
  const short = NICE_SPANS.find((span) => span >= seconds);
  return short ?? niceCount(seconds / DAY) * DAY;
};
