import type { Language } from '../contract.ts';
import type { DeliveryReport, EnvironmentReport, Line, LiveEntry, MetricRule } from '../domain/report.ts';
import { figureIn, valueText } from './figures.ts';
import { catalogueOf } from './sentence.ts';
import { oneLine } from './plain.ts';

export interface ReportFile {
  /** Below the output folder, with `/`. */
  readonly path: string;
  readonly content: string;
}

interface Badge {
  readonly name: string;
  readonly label: string;
  readonly message: string;
  readonly color: keyof typeof COLORS;
}

/** Names shields.io knows, and what our own picture fills; white text on each has a contrast of at least 4.5. */
const COLORS = { green: '#2b7a3d', blue: '#0b69a3', orange: '#a85200', lightgrey: '#5f6670' } as const;
const LONGEST = 60;
/** Characters of Verdana at 11 px are this wide, on average and rather wide than narrow. */
const WIDTH = 7;
const PADDING = 10;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
};

/** Names come from people: one visible line, nothing in it is markup. */
const inXml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');

const widthOf = (text: string): number => Array.from(text).length * WIDTH + PADDING;

/** A picture that needs nobody's server. */
const svgOf = ({ label, message, color }: Badge): string => {
  const [left, right] = [widthOf(label), widthOf(message)];
  const said = inXml(`${label}: ${message}`);
  const text = (x: number, words: string): string =>
    `<text x="${x}" y="14" text-anchor="middle">${inXml(words)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${said}">`,
    `<title>${said}</title>`,
    `<rect width="${left}" height="20" fill="#444c56"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLORS[color]}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    text(left / 2, label),
    text(left + right / 2, message),
    '</g></svg>\n'
  ].join('');
};

/** https://shields.io/badges/endpoint-badge: label and message must not be empty. */
const endpointOf = ({ label, message, color }: Badge): string =>
  `${JSON.stringify({ schemaVersion: 1, label, message, color })}\n`;

/** A file name of letters, digits and hyphens. */
const fileName = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'environment';

const liveMessage = (live: LiveEntry, language: Language): Pick<Badge, 'message' | 'color'> => {
  const { nothing, unknown } = catalogueOf(language).summary;
  switch (live.kind) {
    case 'version':
      return { message: live.version, color: 'green' };
    case 'nothing':
      return { message: nothing, color: 'lightgrey' };
    case 'unknown':
      return { message: unknown, color: 'orange' };
  }
};

const placeName = ({ name }: EnvironmentReport, { component }: Line): string =>
  component === '' ? name : `${component} ${name}`;

const liveBadge = (environment: EnvironmentReport, line: Line, language: Language): Badge => ({
  name: fileName(placeName(environment, line)),
  label: oneLine(placeName(environment, line), LONGEST),
  ...liveMessage(line.live, language)
});

const NUMBERS = ['deployments', 'lead-time', 'change-fail-rate'] as const satisfies readonly MetricRule[];

const numberBadges = (environment: EnvironmentReport, line: Line, language: Language): readonly Badge[] => {
  const [month] = line.windows;
  const { badges } = catalogueOf(language).digest;
  return NUMBERS.flatMap((rule): readonly Badge[] => {
    const figure = month === undefined ? undefined : figureIn(month, rule);
    if (figure === undefined) return [];
    const { value, unit, n } = figure;
    const counted = rule === 'deployments' && value !== null ? String(n) : valueText(value, unit, language);
    const name = fileName(`${placeName(environment, line)} ${rule}`);
    return [{ name, label: badges[rule], message: counted, color: value === null ? 'lightgrey' : 'blue' }];
  });
};

/** The version live in each environment; and where versions end, deployments, lead time and fail rate of 30 days. */
const badgesOf = ({ environments }: DeliveryReport, language: Language): readonly Badge[] =>
  environments.flatMap((environment) =>
    environment.lines.flatMap((line) => [
      liveBadge(environment, line, language),
      ...(environment.last ? numberBadges(environment, line, language) : [])
    ])
  );

/** Two names that read the same as files get a number. */
const distinct = (badges: readonly Badge[]): readonly Badge[] => {
  const seen = new Map<string, number>();
  return badges.map((badge) => {
    const count = (seen.get(badge.name) ?? 0) + 1;
    seen.set(badge.name, count);
    return count === 1 ? badge : { ...badge, name: `${badge.name}-${count}` };
  });
};

/** Each badge as the JSON that shields.io reads, and as a picture. */
export const badgeFiles = (report: DeliveryReport, language: Language): readonly ReportFile[] =>
  distinct(badgesOf(report, language)).flatMap((badge) => [
    { path: `badges/${badge.name}.json`, content: endpointOf(badge) },
    { path: `badges/${badge.name}.svg`, content: svgOf(badge) }
  ]);
