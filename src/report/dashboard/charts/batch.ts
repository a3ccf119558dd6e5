import type { Week } from '../../../domain/report.ts';
import { shareOf } from '../amounts.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { Sheet } from '../sheet.ts';
import { niceCount, pictureOf, scaleOf, slotOf, stripOf, xOf, yOf } from './frame.ts';
import type { Strip } from './frame.ts';

const HEIGHT = 36;

const batchOf = ({ changes, deployments }: Week): number => (deployments === 0 ? 0 : changes / deployments);
const rateOf = ({ failed, deliveries }: Week): number => (deliveries.length === 0 ? 0 : failed / deliveries.length);

const bars = (values: readonly number[], strip: Strip, look: string): Html => {
  const width = Math.min(22, Math.round(slotOf(values.length) * 0.66));
  return html`${values.map((value, index) => {
    const y = yOf(value, strip);
    const x = xOf(index, values.length) - width / 2;
    return value === 0
      ? undefined
      : html`<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${strip.top + strip.height - y}" />`;
  })}`;
};

/** One above the other, so that the eye sees whether large batches fail more often. */
export const batchChart = (weeks: readonly Week[], sheet: Sheet): Html => {
  const { words, language } = sheet;
  const batches = weeks.map(batchOf);
  const size = stripOf(0, HEIGHT, niceCount(Math.max(...batches)));
  const rate = stripOf(HEIGHT + 24, HEIGHT, 1);
  const newest = weeks.findLast(({ deliveries }) => deliveries.length > 0);
  return pictureOf(
    {
      title: words.trend.batch,
      reading:
        newest === undefined
          ? words.noData
          : `${words.trend.newest(words.changes(Math.round(batchOf(newest) * 10) / 10))}; ${words.trend.rate}: ${shareOf(rateOf(newest), language)}`,
      legend: [
        ['fill', words.trend.batch],
        ['failed', words.trend.rate]
      ],
      strips: [size, rate],
      marks: [
        scaleOf(size, size.largest),
        bars(batches, size, 'fill'),
        scaleOf(rate, shareOf(1, language)),
        bars(weeks.map(rateOf), rate, 'failed')
      ]
    },
    weeks,
    sheet
  );
};
