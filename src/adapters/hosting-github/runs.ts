import * as v from 'valibot';
import type { Approval, Protection } from '../../domain/environment.ts';
import type { Runs } from '../../ports.ts';
import { shaped } from './client.ts';
import type { Client } from './client.ts';
import { valueOf } from './reply.ts';
import { id } from './shapes.ts';

const permission = 'actions: read';

const approvalsShape = v.array(
  v.object({
    state: v.picklist(['approved', 'rejected', 'pending']),
    comment: v.nullish(v.string(), ''),
    user: v.nullable(v.object({ login: v.string() })),
    environments: v.array(v.object({ name: v.string() }))
  })
);

/** The answer has no times; GitHub's order is kept. */
const approvals = async (client: Client, run: number): Promise<readonly Approval[]> => {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals';
  const request = { call: route, route, permission, parameters: { run_id: run }, read: shaped(approvalsShape) };
  return valueOf(request, await client.ask(request)).map(({ state, comment, user, environments }) => ({
    environments: environments.map(({ name }) => name),
    state,
    user: user?.login ?? 'ghost',
    comment
  }));
};

const reviewerShape = v.object({
  reviewer: v.union([
    v.pipe(
      v.object({ login: v.string() }),
      v.transform(({ login }) => login)
    ),
    v.pipe(
      v.object({ slug: v.string() }),
      v.transform(({ slug }) => slug)
    )
  ])
});

const environmentShape = v.object({
  can_admins_bypass: v.nullish(v.boolean()),
  deployment_branch_policy: v.optional(v.nullable(v.unknown())),
  protection_rules: v.optional(
    v.array(
      v.object({
        type: v.string(),
        wait_timer: v.nullish(v.number(), 0),
        prevent_self_review: v.nullish(v.boolean(), false),
        reviewers: v.nullish(v.array(reviewerShape), [])
      })
    ),
    []
  )
});

const protectionOf = (environment: v.InferOutput<typeof environmentShape>): Protection => {
  const { can_admins_bypass, deployment_branch_policy, protection_rules } = environment;
  const review = protection_rules.find(({ type }) => type === 'required_reviewers');
  const timer = protection_rules.find(({ type }) => type === 'wait_timer');
  return {
    kind: 'present',
    reviewers: review?.reviewers.map(({ reviewer }) => reviewer) ?? [],
    preventSelfReview: review?.prevent_self_review ?? false,
    ...(typeof can_admins_bypass === 'boolean' ? { adminsCanBypass: can_admins_bypass } : {}),
    waitMinutes: timer?.wait_timer ?? 0,
    ...(deployment_branch_policy === undefined ? {} : { anyBranch: deployment_branch_policy === null })
  };
};

/** A 404 is also what a token without access to a private repository gets: `missing` refuses, so it fails closed. */
const protection = async (client: Client, environment: string): Promise<Protection> => {
  const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
  const parameters = { environment_name: environment };
  const request = { call: route, route, permission, parameters, read: shaped(environmentShape) };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 404) return { kind: 'missing' };
  return protectionOf(valueOf(request, answer));
};

const runShape = v.object({ status: v.nullable(v.string()), run_attempt: v.optional(id) });

/** A run never has two attempts at once (GitHub's re-run rule). */
const runState = async (client: Client, run: number, attempt = Infinity): Promise<'live' | 'over'> => {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const request = { call: route, route, permission, parameters: { run_id: run }, read: shaped(runShape) };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 404) return 'over';
  const { status, run_attempt: now = 0 } = valueOf(request, answer);
  return status === 'completed' || now > attempt ? 'over' : 'live';
};

/** Each method is one call. */
export const createRuns = (client: Client): Pick<Runs, 'approvals' | 'protection' | 'runState'> => ({
  approvals: (run) => approvals(client, run),
  protection: (environment) => protection(client, environment),
  runState: (run, attempt) => runState(client, run, attempt)
});
