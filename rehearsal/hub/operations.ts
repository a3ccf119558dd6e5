import type { Operations } from './call.ts';
import { artifacts } from './resources/artifacts.ts';
import { assets } from './resources/assets.ts';
import { comments } from './resources/comments.ts';
import { commits } from './resources/commits.ts';
import { deploymentStatuses } from './resources/deployment-statuses.ts';
import { deployments } from './resources/deployments.ts';
import { environments } from './resources/environments.ts';
import { issues } from './resources/issues.ts';
import { jobs } from './resources/jobs.ts';
import { labels } from './resources/labels.ts';
import { rateLimit } from './resources/rate-limit.ts';
import { refs } from './resources/refs.ts';
import { reactions } from './resources/reactions.ts';
import { releases } from './resources/releases.ts';
import { repository } from './resources/repository.ts';
import { runs } from './resources/runs.ts';
import { settings } from './resources/settings.ts';

/** Every REST operation the hub serves; `scripts/trim-openapi.mjs` keeps exactly these of GitHub's description. */
export const OPERATIONS: Operations = {
  ...repository,
  ...rateLimit,
  ...refs,
  ...commits,
  ...releases,
  ...assets,
  ...deployments,
  ...deploymentStatuses,
  ...environments,
  ...runs,
  ...artifacts,
  ...jobs,
  ...settings,
  ...issues,
  ...labels,
  ...comments,
  ...reactions
};
