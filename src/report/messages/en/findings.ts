import type { FindingTexts } from '../catalogue.ts';

/** What an audit finds. Values come in already shown: never between backticks. */
export const findings: FindingTexts = {
  severities: { broken: 'Promise broken', note: 'Could be better', unchecked: 'Not checked' },
  subjects: {
    environment: 'the rules of an environment',
    tags: 'the rules for tags',
    releases: 'whether releases are immutable',
    token: 'what tokens of workflows may do by default',
    pins: 'whether actions must be pinned',
    site: 'whether GitHub Pages can publish the report'
  },
  columns: { severity: 'How bad', found: 'What was found', todo: 'What to do' },
  sound: 'Nothing was found.',
  flaws: {
    'gate-missing': ({ environment }) => ({
      what: `GitHub has no environment ${environment}, so nobody approves deliveries to it.`,
      todo: `Create ${environment}, tick "Required reviewers", add at least one person and save.`
    }),
    'gate-open': ({ environment }) => ({
      what: `${environment} has no required reviewers, so nobody approves deliveries to it.`,
      todo: `Open ${environment}, tick "Required reviewers", add at least one person and save.`
    }),
    'gate-unenforced': ({ environment }) => ({
      what: `Nobody approves deliveries to ${environment}. This repository is private, and GitHub has required reviewers in private repositories on GitHub Enterprise only.`,
      todo: `With Enterprise, tick "Required reviewers" for ${environment}. Without it, write \`gate: dispatch\` there.`
    }),
    'gate-unexpected': ({ environment, rules }) => ({
      what: `Deliveries to ${environment} wait by rules of GitHub (${rules}), though \`gate: none\` says that nothing waits.`,
      todo: `Remove these rules of ${environment}, or write \`gate: approval\`.`
    }),
    'gate-timer': ({ environment, minutes }) => ({
      what: `A delivery to ${environment} begins ${minutes} min after it was asked for, whoever approves it sooner.`,
      todo: 'Set "Wait timer" to 0, unless that is meant; `soak` waits in the environment before.'
    }),
    'self-review': ({ environment }) => ({
      what: `Whoever starts a delivery to ${environment} may approve it alone.`,
      todo: `Open ${environment} and tick "Prevent self-review".`
    }),
    'admins-bypass': ({ environment }) => ({
      what: `Administrators can skip the approval of ${environment}.`,
      todo: `Open ${environment} and untick "Allow administrators to bypass configured protection rules".`
    }),
    'any-branch': ({ environment }) => ({
      what: `A workflow of any branch may use ${environment} and its secrets.`,
      todo: `Open ${environment}, choose "Selected branches and tags" and add your main branch.`
    }),
    'not-created': ({ environment }) => ({
      what: `GitHub has no environment ${environment}; the first delivery creates it without any rule.`,
      todo: `Create ${environment} yourself, and choose which branches may use it.`
    }),
    'nothing-needed': ({ environment }) => ({
      what: `A person lets versions into ${environment}, but none has to prove itself anywhere before.`,
      todo: 'Write `needs: [staging]`, with the name of the environment before it.'
    }),
    'nobody-asked': ({ environment }) => ({
      what: `Every proven version goes to ${environment} by itself: that is continuous deployment.`,
      todo: 'If a person should decide, write `gate: approval`.'
    }),
    'plan-limits': () => ({
      what: 'This repository is private: on Free, Pro and Team GitHub enforces neither reviewers nor wait timers here, and on Free there are no environments at all.',
      todo: 'Without GitHub Enterprise, use `gate: dispatch`.'
    }),
    'tags-free': ({ tag, rules }) => ({
      what: `Nothing keeps a version's tag (${tag}) from being moved or removed. Rules that are missing: ${rules}.`,
      todo: `Choose "New tag ruleset", add the target ${tag}, tick "Restrict updates" and "Restrict deletions", and set it to "Active". Leave creations open.`
    }),
    'releases-mutable': () => ({
      what: 'The files of a published release can be replaced.',
      todo: 'Under "Releases", tick "Enable release immutability".'
    }),
    'token-writes': () => ({
      what: 'A workflow that names no permissions may write to the repository.',
      todo: 'Under "Workflow permissions", choose "Read repository contents and packages permissions".'
    }),
    'pins-optional': () => ({
      what: 'GitHub runs actions that are not pinned to a commit, and their code can change under you.',
      todo: 'Tick "Require actions to be pinned to a full-length commit SHA".'
    }),
    'site-off': () => ({
      what: 'GitHub Pages is off, so the page of the report cannot be published.',
      todo: 'Under "Build and deployment", choose the source "GitHub Actions". Private repositories need a plan that has Pages.'
    }),
    'site-of-branch': () => ({
      what: 'GitHub Pages builds its site from a branch, so the page of the report cannot be published.',
      todo: 'Under "Build and deployment", choose the source "GitHub Actions"; what the branch shows now is then gone.'
    }),
    'not-checked': ({ subject, needs }) => ({
      what: `Could not be checked: ${subject}. The token needs ${needs}.`,
      todo: 'Look yourself, or give this command the token of a person who may read it.'
    }),
    'no-line': () => ({
      what: 'No workflow of this repository delivers anything.',
      todo: 'Copy a template to this folder.'
    }),
    'permissions-open': () => ({
      what: 'Jobs that name no permissions get those of the repository.',
      todo: 'Write `permissions: {}` at the top, and each job names what it needs.'
    }),
    'no-config': () => ({
      what: 'There is no delivery file, so nothing can be deployed.',
      todo: 'Create it; the documentation shows the four lines it needs.'
    }),
    'no-deploy': () => ({
      what: 'Nothing says how to deploy.',
      todo: 'Write a section `deploy:` with `run:`.'
    }),
    'no-verify': () => ({
      what: 'Nothing checks whether a delivery works, so none can be rolled back by itself.',
      todo: 'Write a section `verify:` with `http:` or `run:`.'
    }),
    unpinned: ({ uses }) => ({
      what: `The action ${uses} is not pinned: its code can change under you.`,
      todo: 'Name it by the 40 digits of a commit, with its version as a comment.'
    }),
    cancels: ({ job }) => ({
      what: `A newer run cancels the delivery of the job ${job} halfway.`,
      todo: 'Remove `cancel-in-progress`, and write `queue: max`.'
    }),
    drops: ({ job }) => ({
      what: `GitHub drops a delivery of the job ${job} that waits its turn when another one comes.`,
      todo: 'Write `queue: max` beside `group:`.'
    }),
    'holds-queue': ({ job }) => ({
      what: `While the job ${job} waits for its approval, it holds its group, and nothing behind it runs.`,
      todo: 'Remove `concurrency` here; deliveries queue by themselves.'
    }),
    'gate-bypassed': ({ job, environment }) => ({
      what: `The job ${job} delivers to ${environment} without naming it as its environment, so GitHub asks nobody.`,
      todo: 'Write `environment:` with that name into the job.'
    }),
    'copy-changed': ({ template, version }) => ({
      what: `This copy of the template ${template} (${version}) was changed.`,
      todo: 'Copy it again, or remove its first line to own it.'
    }),
    'copy-other': ({ template, version }) => ({
      what: `This copy of the template ${template} belongs to version ${version}, not to the one that runs.`,
      todo: 'Copy the template again, from the version you use.'
    }),
    unreadable: ({ problem }) => ({
      what: `This workflow file could not be read: ${problem}.`,
      todo: 'Correct it if GitHub refuses it, too.'
    })
  }
};
