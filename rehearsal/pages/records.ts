import * as v from 'valibot';
import type { DeploymentSnapshot, Hub } from '../hub/index.ts';

export interface Live {
  readonly environment: string;
  /** What the records say runs there; undefined when nothing ever did. */
  readonly version: string | undefined;
  readonly since: string | undefined;
  readonly url: string | undefined;
}

export interface OpenStop {
  readonly number: number;
  readonly title: string;
  readonly url: string;
}

const Payload = v.object({ version: v.string() });

/** A record without a payload is one that GitHub wrote, for a job with a plain `environment:` such as Pages has. */
const isDelivery = ({ payload }: DeploymentSnapshot): boolean => payload !== '';

const versionIn = ({ payload }: DeploymentSnapshot): string =>
  v.parse(Payload, typeof payload === 'string' ? JSON.parse(payload) : payload).version;

/** What is live where, by the records of deliveries alone; environments that only GitHub writes to are not among them. */
export const liveNow = async (hub: Hub): Promise<readonly Live[]> => {
  const { deployments, environments } = await hub.snapshot();
  const deliveries = deployments.filter(isDelivery);
  const foreign = new Set(deployments.filter((each) => !isDelivery(each)).map(({ environment }) => environment));
  for (const { environment } of deliveries) foreign.delete(environment);
  return environments
    .filter(({ name }) => !foreign.has(name))
    .map(({ name: environment }) => {
      const record = deliveries.findLast(
        (each) => each.environment === environment && each.statuses.at(-1)?.state === 'success'
      );
      const status = record?.statuses.at(-1);
      return {
        environment,
        version: record === undefined ? undefined : versionIn(record),
        since: status?.createdAt,
        url: status?.environmentUrl
      };
    });
};

/** The open issues that stop the line. */
export const openStops = async (hub: Hub): Promise<readonly OpenStop[]> => {
  const { issues } = await hub.snapshot();
  return issues
    .filter(({ state, labels }) => state === 'open' && labels.includes('line-stopped'))
    .map(({ number, title }) => ({ number, title, url: `${hub.url}/${hub.owner}/${hub.name}/issues/${number}` }));
};
