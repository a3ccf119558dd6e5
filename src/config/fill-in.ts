import type { Environment, Freeze } from '../domain/environment.ts';
import type { HttpCheck, Process, VerifyProcess } from '../domain/release.ts';
import type { Delivery } from './delivery.ts';
import { secondsOf } from './durations.ts';
import type { Written } from './schema.ts';
import { parseWeekly } from './windows.ts';

type WrittenEnvironment = Written['environments'][string];
type WrittenFreeze = WrittenEnvironment['freeze'][number];

/** `{ [key]: value }`, or nothing to spread when there is no value. */
const given = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key widens to string
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };

const freezeOf = (freeze: WrittenFreeze): Freeze => {
  const { zone, reason } = freeze;
  if (!('weekly' in freeze)) {
    return { kind: 'dates', from: freeze.from, to: freeze.to, zone, reason, ...given('owner', freeze.owner) };
  }
  const week = parseWeekly(freeze.weekly);
  if (week === undefined) throw new RangeError(`not a weekly window: ${freeze.weekly}`);
  return { kind: 'weekly', ...week, zone, reason };
};

const secondsIn = (text: string | undefined): number | undefined => (text === undefined ? undefined : secondsOf(text));

const environmentOf = ([name, written]: [string, WrittenEnvironment]): Environment => ({
  name,
  ...given('url', written.url),
  needs: written.needs,
  gate: written.gate,
  soakSeconds: secondsIn(written.soak) ?? 0,
  ...given('maxChanges', written['max-changes']),
  freeze: written.freeze.map(freezeOf),
  rehearseRollback: written['rehearse-rollback'],
  ...given('bestBeforeSeconds', secondsIn(written['best-before'])),
  ...given('up', written.up),
  ...given('down', written.down)
});

const verifyOf = (verify: NonNullable<Written['verify']>): VerifyProcess => ({
  ...given('run', verify.run),
  ...given<'http', HttpCheck>('http', verify.http),
  withinSeconds: secondsOf(verify.within)
});

const processOf = ({ deploy, verify }: Written): Process => ({
  ...(deploy === undefined ? {} : { deploy: { run: deploy.run, timeoutSeconds: secondsOf(deploy.timeout) } }),
  ...(verify === undefined ? {} : { verify: verifyOf(verify) })
});

const KINDS = ['slack', 'teams', 'webhook'] as const;

const announceOf = ({ announce, version }: Written): Delivery['announce'] => ({
  latest: announce.latest ?? version.paths.length === 0,
  skipLabel: announce['skip-label'],
  channels: KINDS.flatMap((kind) => {
    const variable = announce[kind];
    return variable === undefined ? [] : [{ kind, variable }];
  })
});

const previewOf = ({ preview }: Written): Delivery['preview'] =>
  preview === undefined
    ? undefined
    : {
        up: preview.up,
        down: preview.down,
        expiresSeconds: secondsOf(preview.expires),
        timeoutSeconds: secondsOf(preview.timeout)
      };

/** Durations in seconds, windows in minutes of the week, keys in our words. */
export const fillIn = (written: Written, file: string | undefined): Delivery => {
  const { scheme, tag, 'release-on': releaseOn, paths } = written.version;
  const { timeout, files, images, run } = written.build;
  return {
    ...given('file', file),
    version: { scheme, tag, releaseOn, paths },
    build: { ...given('run', run), files, images, timeoutSeconds: secondsOf(timeout) },
    process: processOf(written),
    rollback: written.rollback,
    environments: Object.entries(written.environments).map(environmentOf),
    ...given('preview', previewOf(written)),
    announce: announceOf(written),
    ...given('language', written.language),
    ...given('report', written.report)
  };
};
