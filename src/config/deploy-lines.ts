/** What to write into `delivery.yml` so that a version knows how to be deployed. */
export const DEPLOY_LINES = `deploy:
  run: ./deploy.sh
environments:
  production: { gate: approval }`;

/** The same for previews of pull requests. */
export const PREVIEW_LINES = `preview:
  up: ./preview-up.sh
  down: ./preview-down.sh`;

/** The same for its verification. */
export const VERIFY_LINES = `verify:
  http: { url: 'https://{environment}.example.com/health', contains: '{version}' }
  within: 2m`;
