import http from 'node:http';

type Variables = Readonly<Record<string, string | undefined>>;

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

const ADVICE =
  'A proxy is set, but this Node.js does not use it by itself: set NODE_USE_ENV_PROXY=1 for the job (Node.js 24 and newer).';

/**
 * Node's `fetch` ignores `HTTP_PROXY` and `HTTPS_PROXY` unless `NODE_USE_ENV_PROXY=1` stood in the environment when
 * Node started, or `http.setGlobalProxyFromEnv()` is called (https://nodejs.org/api/http.html, later releases of
 * Node 24). It changes the whole process, so it is called once and before the first request. `NO_PROXY` is obeyed by
 * Node. On a Node without it people are warned and requests go straight out.
 */
export const useProxy = (variables: Variables, warn: (message: string) => void): void => {
  const wanted = NAMES.some((name) => (variables[name] ?? '') !== '');
  if (!wanted || variables['NODE_USE_ENV_PROXY'] === '1') return;
  if (typeof http.setGlobalProxyFromEnv === 'function') http.setGlobalProxyFromEnv({ ...variables });
  else warn(ADVICE);
};
