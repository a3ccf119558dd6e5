// Every workflow, template, action and YAML snippet before every judge we can get: `npm run lint:workflows`.
// Tools come from their own registries at fixed versions and stay in the cache folder; what is not to be had is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionlint } from './actionlint.ts';
import { deliveryFiles } from './delivery-files.ts';
import type { Finding, Judge } from './judge.ts';
import { sift } from './known-false.ts';
import { languageService } from './language-service.ts';
import { shellcheck } from './shellcheck.ts';
import { collect } from './subjects.ts';
import type { Subject } from './subjects.ts';
import { cacheFolder } from './tools.ts';
import { zizmor } from './zizmor.ts';

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const report = async ({ name, version, judge }: Judge, subjects: readonly Subject[]): Promise<readonly Finding[]> => {
  const verdict = await judge(subjects);
  if (verdict.kind === 'skipped') {
    console.log(`${name} ${version}: skipped, ${verdict.why}`);
    return [];
  }
  const { findings, known } = sift(name, verdict.findings);
  const ignored = verdict.ignored ?? 0;
  const aside = [
    ...(known === 0 ? [] : [`${known} known to be false`]),
    ...(ignored === 0 ? [] : [`${ignored} ignored with a reason`])
  ];
  const tail = aside.length === 0 ? '' : ` (${aside.join(', ')})`;
  console.log(`${name} ${version}: ${verdict.judged} judged, ${counted(findings.length, 'finding')}${tail}`);
  for (const { file, line, rule, message } of findings) console.log(`  ${file}:${line}: ${message} [${rule}]`);
  return findings;
};

const main = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'lint-workflows-'));
  const cache = cacheFolder(process.env);
  try {
    const subjects = collect(join(folder, 'snippets'));
    const judges = [
      languageService,
      deliveryFiles,
      actionlint(cache),
      zizmor(cache),
      shellcheck(join(folder, 'scripts'))
    ];
    const findings: Finding[] = [];
    for (const judge of judges) findings.push(...(await report(judge, subjects)));
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await main();
