import type { Week } from '../../../domain/report.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { Sheet } from '../sheet.ts';
import { niceCount, pictureOf, scaleOf, slotOf, stripOf, xOf, yOf } from './frame.ts';
import type { Strip } from './frame.ts';

const HEIGHT = 96;

interface Drawn {
  readonly strip: Strip;
  readonly weeks: number;
}

/** Failed ones stand at the foot, hatched, with a cross under the line. */
const weekBar = (week: Week, index: number, { strip, weeks }: Drawn): Html | undefined => {
  const all = week.deliveries.length;
  if (all === 0) return undefined;
  const width = Math.min(22, Math.round(slotOf(weeks) * 0.66));
  const x = xOf(index, weeks) - width / 2;
  const base = strip.top + strip.height;
  const bar = (look: string, from: number, to: number): Html =>
    html`<rect
      class="${look}"
      x="${x}"
      y="${yOf(to, strip)}"
      width="${width}"
      height="${yOf(from, strip) - yOf(to, strip)}"
    />`;
  const failed =
    week.failed === 0
      ? undefined
      : html`${bar('failed', 0, week.failed)}<path class="cross" d="M${x + width / 2 - 3} ${base + 3}l6 6m0-6l-6 6" />`;
  return html`${bar('fill', week.failed, all)}${failed}`;
};

/** All that went live, those taken back again included: failed ones are among them. */
export const deploymentChart = (weeks: readonly Week[], sheet: Sheet): Html => {
  const { words } = sheet;
  const strip = stripOf(0, HEIGHT, niceCount(Math.max(...weeks.map(({ deliveries }) => deliveries.length))));
  const newest = weeks.at(-1)?.deliveries.length ?? 0;
  return pictureOf(
    {
      title: words.trend.deployments,
      reading: words.trend.newest(words.deliveries(newest)),
      legend: [
        ['fill', words.trend.good],
        ['failed', words.trend.failed]
      ],
      strips: [strip],
      marks: [
        scaleOf(strip, strip.largest),
        ...weeks.map((week, index) => weekBar(week, index, { strip, weeks: weeks.length }))
      ]
    },
    weeks,
    sheet
  );
};
