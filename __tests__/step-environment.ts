type Variables = Readonly<Record<string, string | undefined>>;

/** What the runner gives a step: its own variables, and inputs under their names in `action.yml`. */
export const stepEnvironment = (inputs: Variables = {}, variables: Variables = {}): Variables => ({
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '4711',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_WORKFLOW: 'delivery',
  GITHUB_ACTOR: 'ana',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
  GITHUB_WORKSPACE: '/home/runner/work/shop/shop',
  RUNNER_TEMP: '/home/runner/work/_temp',
  INPUT_TOKEN: 'ghs_token',
  ...Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])
  ),
  ...variables
});
