import * as v from 'valibot';
import { LANGUAGES } from '../contract.ts';
import { ENVIRONMENT_NAME } from '../domain/environment.ts';
import { RELATIVE_PATH } from '../domain/relative-path.ts';
import { ADDRESS, addressProblem } from './addresses.ts';
import {
  RESERVED,
  checked,
  choice,
  duration,
  list,
  mapping,
  section,
  text,
  wholeNumber,
  workDuration,
  yesOrNo
} from './fields.ts';
import { FreezeSchema, zone } from './freeze.ts';
import { TAG, tagProblem } from './tags.ts';

const OUTSIDE = 'must be relative to the repository, with `/` between folders and without `..`';

/** As `RELATIVE_PATH`; a leading `!` takes files out again, `./` and a last `/` change nothing. */
const FILES =
  // oxlint-disable-next-line no-control-regex -- refusing them is the point
  /^!?(?:\.\/)*(?![A-Za-z]:)(?!.*\/\/)(?!(?:.*\/)?\.\.?(?:\/|$))(?![/!])[^\\\u0000-\u001F\u007F]{1,4096}$/;

/** Names of the OCI distribution specification, with an optional registry and port; no tag, no digest. */
const IMAGE =
  /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

const described = <const S extends v.GenericSchema>(schema: S, description: string) =>
  v.pipe(schema, v.description(description));

const NO_VARIABLE =
  'must be the name of an environment variable of your own, such as CHAT_WEBHOOK; never the address itself';
/** Not one that the runner itself sets. */
const VARIABLE = /^(?!GITHUB_|RUNNER_|ACTIONS_|INPUT_|STATE_|NODE_|PATH$|HOME$)[A-Z_][A-Z0-9_]{0,99}$/;

const address = checked(ADDRESS, addressProblem);
const script = (description: string) => v.exactOptional(described(text, description));

const version = section({
  scheme: v.exactOptional(
    described(choice(['semver', 'calver']), 'Semantic versions, or calendar versions `YYYY.M.MICRO`.'),
    'semver'
  ),
  tag: v.exactOptional(
    described(checked(TAG, tagProblem), 'How tags are named; holds `{version}` once.'),
    'v{version}'
  ),
  'release-on': v.exactOptional(
    described(
      choice(['any', 'conventional']),
      '`any`: every merge is deliverable. `conventional`: only feat, fix, perf and breaking changes.'
    ),
    'any'
  ),
  paths: v.exactOptional(
    described(
      list(v.pipe(v.string('must be text'), v.regex(RELATIVE_PATH, OUTSIDE))),
      'Globs of the component in a monorepo; only changes there count. Empty: the whole repository.'
    ),
    []
  )
});

const build = section({
  run: script('The build command; `$DELIVERY_VERSION` is the version it builds.'),
  files: v.exactOptional(
    described(
      list(v.pipe(v.string('must be text'), v.regex(FILES, OUTSIDE))),
      'Globs of what is delivered, deploy scripts included; a leading `!` takes files out. Empty: all tracked files.'
    ),
    []
  ),
  images: v.exactOptional(
    described(
      list(
        v.pipe(
          v.string('must be text'),
          v.maxLength(255, 'is longer than 255 characters'),
          v.regex(IMAGE, 'must be the name of an image in lower case, without tag or digest, such as ghcr.io/acme/shop')
        ),
        50
      ),
      'Images that the build command pushes as `$DELIVERY_VERSION`.'
    ),
    []
  ),
  timeout: v.exactOptional(described(workDuration, 'How long the build command may take.'), '30m')
});

const deploy = section({
  run: described(text, 'The deploy command; runs inside the unpacked files of the version.'),
  timeout: v.exactOptional(described(workDuration, 'How long the deploy command may take.'), '10m')
});

const http = section({
  url: described(address, 'What to ask; may hold `{environment}` and `{version}`.'),
  status: v.exactOptional(described(wholeNumber(100, 599), 'The status that is good.'), 200),
  contains: v.exactOptional(
    described(
      v.pipe(text, v.maxLength(1024, 'is longer than 1024 characters')),
      'Text the answer must hold; `{environment}` and `{version}` are filled in.'
    )
  ),
  successes: v.exactOptional(described(wholeNumber(1, 100), 'How many good answers in a row.'), 3),
  private: v.exactOptional(
    described(
      yesOrNo,
      'Whether it may be asked on this machine and in private networks. Metadata services and link-local addresses never are.'
    ),
    false
  )
});

const verify = section({
  run: script('The verify command; runs inside the unpacked files of the version.'),
  http: v.exactOptional(described(http, 'A health check by HTTP.')),
  within: v.exactOptional(described(workDuration, 'How long verification may take.'), '2m')
});

const environment = section({
  url: v.exactOptional(described(address, 'Where people find it; may hold `{environment}` and `{version}`.')),
  needs: v.exactOptional(
    described(list(text), 'Environments in which the same digest must have succeeded; several: all.'),
    []
  ),
  gate: v.exactOptional(
    described(
      choice(['approval', 'none', 'dispatch']),
      "`approval`: GitHub's required reviewers. `none`: no button. `dispatch`: a person starts the workflow."
    ),
    'none'
  ),
  soak: v.exactOptional(described(duration, 'How long the version must have been in what it needs.')),
  'max-changes': v.exactOptional(described(wholeNumber(1, 1_000_000), 'Bigger batches are refused.')),
  freeze: v.exactOptional(described(list(FreezeSchema), 'Periods without deliveries.'), []),
  'rehearse-rollback': v.exactOptional(
    described(yesOrNo, 'Roll back and forth again after each delivery, to know that it works.'),
    false
  ),
  up: script('Creates the environment. No command uses it yet.'),
  down: script('Destroys the environment. No command uses it yet.'),
  'best-before': v.exactOptional(
    described(duration, 'Refuse to deliver past an environment that nobody rebuilt for longer.')
  )
});

const environmentName = v.pipe(
  v.string('must be text'),
  v.regex(
    ENVIRONMENT_NAME,
    'must have 1 to 255 characters, no control characters, no outer spaces, and not be `.` or `..`'
  ),
  v.notValues(RESERVED, 'cannot be the name of an environment')
);

const preview = section({
  up: described(text, 'Makes the preview of a pull request, or brings it to its newest commit; runs in the workspace.'),
  down: described(text, 'Destroys it; must also do so where it is half made, or gone already.'),
  expires: v.exactOptional(described(duration, 'How long a preview lives after its newest commit.'), '3d'),
  timeout: v.exactOptional(described(workDuration, 'How long either of them may take.'), '30m')
});

/** Where the address of a channel is: it is a secret, and this file is not. */
const variable = (description: string) =>
  v.exactOptional(described(v.pipe(v.string(NO_VARIABLE), v.regex(VARIABLE, NO_VARIABLE)), description));

const announce = section({
  latest: v.exactOptional(
    described(
      yesOrNo,
      'Whether what is live becomes the latest release of the repository. Not given: only where `version.paths` is empty, so that components do not take it from each other.'
    )
  ),
  'skip-label': v.exactOptional(
    described(
      v.pipe(text, v.maxLength(50, 'is longer than the 50 characters of a label')),
      'Pull requests and issues with this label get no comment.'
    ),
    'no-announcement'
  ),
  slack: variable('Name of the environment variable of the step that holds the address of a Slack webhook.'),
  teams: variable('The same for a Microsoft Teams workflow.'),
  webhook: variable('The same for any other receiver; it gets `schemas/announcement.schema.json`.')
});

const report = section({
  titles: v.exactOptional(
    described(
      yesOrNo,
      'Whether `delivery.json` and the page hold titles, scopes and reasons. Not given: only of a public repository.'
    )
  ),
  zone: v.exactOptional(zone("days and weeks (not given: the first freeze's, or UTC)"))
});

/** `delivery.yml` as people write it; everything that needs more than one place is in `coherence.ts`. */
export const DeliverySchema = section({
  version: v.exactOptional(described(version, 'How versions are counted and tagged.'), {}),
  build: v.exactOptional(described(build, 'What is built, once, and what is delivered of it.'), {}),
  deploy: v.exactOptional(described(deploy, 'How a version is deployed; the same in every environment.')),
  verify: v.exactOptional(described(verify, 'How a version is proven; the same in every environment.')),
  rollback: v.exactOptional(
    described(choice(['automatic', 'manual']), 'What happens when verification fails.'),
    'automatic'
  ),
  environments: v.exactOptional(
    described(v.pipe(mapping, v.record(environmentName, v.nullable(environment, {}))), 'Where versions go, by name.'),
    {}
  ),
  preview: v.exactOptional(described(preview, 'Environments of pull requests, made and destroyed by `up` and `down`.')),
  announce: v.exactOptional(described(announce, 'Who is told after a delivery, besides pull requests and issues.'), {}),
  report: v.exactOptional(described(report, 'What `report` writes.')),
  language: v.exactOptional(described(choice(LANGUAGES), 'The language of summaries, notes and comments.'))
});

export type Written = v.InferOutput<typeof DeliverySchema>;
