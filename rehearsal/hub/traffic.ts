import { isGitPath } from './git-http.ts';
import type { Target } from './faults.ts';
import type { Match, Router } from './router.ts';

/** What a request is, before anybody asks whether it may. */
export interface Traffic extends Target {
  readonly match?: Match;
}

const REST = /^\/api\/(?:v3|uploads)(\/.*)$/;

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly accept: string;
}

const restTraffic = ({ method, url, accept }: Asked, match: Match | undefined): Traffic => {
  const operation = match?.route.operation ?? 'not-emulated';
  const bytes = operation === 'repos/get-release-asset' && accept.includes('application/octet-stream');
  return {
    kind: bytes ? 'download' : 'api',
    method,
    path: url.pathname + url.search,
    operation,
    ...(match === undefined ? {} : { match })
  };
};

export const trafficOf = (router: Router, request: Asked): Traffic => {
  const { method, url } = request;
  const path = url.pathname + url.search;
  const [, rest] = REST.exec(url.pathname) ?? [];
  if (url.pathname === '/api/graphql') return { kind: 'api', method, path, operation: 'graphql' };
  if (rest !== undefined) return restTraffic(request, router(method, rest));
  if (isGitPath(url.pathname)) return { kind: 'git', method, path, operation: 'git' };
  return { kind: 'page', method, path, operation: 'page' };
};
