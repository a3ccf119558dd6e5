// GitHub's packages import JSON files without saying that they are JSON, which Jest deprecates: this says it for them.
export default {
  process: (source) => ({ code: source.replaceAll(/^(import .+ from ".+\.json")/gm, "$1 with { type: 'json' }") })
};
