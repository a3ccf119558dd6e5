import type { Language } from '../../contract.ts';
import type { DeliveryReport, EnvironmentReport, LiveEntry } from '../../domain/report.ts';
import { catalogueOf } from '../sentence.ts';

const inHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);

const liveText = (live: LiveEntry, language: Language): string => {
  const { nothing, unknown } = catalogueOf(language).summary;
  if (live.kind === 'version') return live.version;
  return live.kind === 'nothing' ? nothing : unknown;
};

const rowsOf = ({ name, lines }: EnvironmentReport, language: Language): readonly string[] =>
  lines.map(({ live }) => `<tr><th scope="row">${inHtml(name)}</th><td>${inHtml(liveText(live, language))}</td></tr>`);

/** The page everybody can open: what is live where. */
export const renderPage = (report: DeliveryReport, language: Language): string => {
  const { owner, name } = report.repository;
  const title = inHtml(`${owner}/${name}`);
  const rows = report.environments.flatMap((environment) => rowsOf(environment, language));
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title></head>`,
    `<body><main><h1>${title}</h1><table><tbody>${rows.join('')}</tbody></table></main></body></html>\n`
  ].join('');
};
