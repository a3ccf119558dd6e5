import type { Week } from '../../../domain/report.ts';
import { durationOf } from '../../amounts.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { Sheet } from '../sheet.ts';
import { niceSpan, pictureOf, scaleOf, stripOf, xOf, yOf } from './frame.ts';
import type { Strip } from './frame.ts';

const HEIGHT = 96;

interface Point {
  readonly index: number;
  readonly x: number;
  readonly median: number;
  readonly p90: number;
}

/** Weeks that follow each other; one without data ends the line, for nobody knows what it would have been. */
const runsOf = (points: readonly Point[]): readonly (readonly Point[])[] => {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run?.at(-1)?.index === point.index - 1) run.push(point);
    else runs.push([point]);
  }
  return runs;
};

const pointsOf = (weeks: readonly Week[], strip: Strip): readonly Point[] =>
  weeks.flatMap(({ leadMedian, leadP90 }, index) =>
    leadMedian === null
      ? []
      : [{ index, x: xOf(index, weeks.length), median: yOf(leadMedian, strip), p90: yOf(leadP90 ?? leadMedian, strip) }]
  );

const runMarks = (run: readonly Point[]): Html => {
  const upper = run.map(({ x, p90 }) => `${x} ${p90}`).join('L');
  const lower = run
    .toReversed()
    .map(({ x, median }) => `${x} ${median}`)
    .join('L');
  const line = run.map(({ x, median }) => `${x} ${median}`).join('L');
  const [only] = run;
  if (run.length === 1 && only !== undefined)
    return html`<path class="whisker" d="M${only.x} ${only.median}V${only.p90}" />`;
  return html`<path class="band" d="M${upper}L${lower}Z" /><path class="line" d="M${line}" />`;
};

export const leadChart = (weeks: readonly Week[], sheet: Sheet): Html => {
  const { words, language } = sheet;
  const strip = stripOf(
    0,
    HEIGHT,
    niceSpan(Math.max(0, ...weeks.map(({ leadP90, leadMedian }) => leadP90 ?? leadMedian ?? 0)))
  );
  const points = pointsOf(weeks, strip);
  const newest = weeks.findLast(({ leadMedian }) => leadMedian !== null)?.leadMedian ?? null;
  return pictureOf(
    {
      title: words.trend.lead,
      reading: newest === null ? words.noData : words.trend.newest(durationOf(newest, language)),
      legend: [
        ['fill', words.trend.median],
        ['band', words.trend.band]
      ],
      strips: [strip],
      marks: [
        scaleOf(strip, points.length === 0 ? words.noData : durationOf(strip.largest, language)),
        runsOf(points).map(runMarks),
        points.map(({ x, median }) => html`<circle class="dot" cx="${x}" cy="${median}" r="3" />`)
      ]
    },
    weeks,
    sheet
  );
};
