/** What we know of the actions of others that our files use; read from their repositories at these commits. */
export interface KnownAction {
  readonly version: string;
  readonly commit: string;
  readonly inputs: readonly string[];
  readonly required?: readonly string[];
  /** Those that our files use. */
  readonly outputs?: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

export const KNOWN_ACTIONS: Readonly<Record<string, KnownAction>> = {
  'actions/checkout': {
    version: 'v7.0.1',
    commit: '3d3c42e5aac5ba805825da76410c181273ba90b1',
    inputs: words(
      'repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter ' +
        'sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules ' +
        'set-safe-directory github-server-url allow-unsafe-pr-checkout'
    )
  },
  'actions/upload-artifact': {
    version: 'v7.0.0',
    commit: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f',
    inputs: words(
      'name path if-no-files-found retention-days compression-level overwrite include-hidden-files archive'
    ),
    required: ['path']
  },
  'actions/download-artifact': {
    version: 'v8.0.1',
    commit: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
    inputs: words(
      'name artifact-ids path pattern merge-multiple github-token repository run-id skip-decompress digest-mismatch'
    )
  },
  'actions/upload-pages-artifact': {
    version: 'v5.0.0',
    commit: 'fc324d3547104276b827a68afc52ff2a11cc49c9',
    inputs: words('name path retention-days include-hidden-files'),
    required: ['path']
  },
  'actions/deploy-pages': {
    version: 'v5.0.0',
    commit: 'cd2ce8fcbc39b97be8ca5fce6e763baed58fa128',
    inputs: words('token timeout error_count reporting_interval artifact_name preview'),
    outputs: ['page_url']
  },
  'actions/setup-node': {
    version: 'v7.0.0',
    commit: '820762786026740c76f36085b0efc47a31fe5020',
    inputs: words(
      'node-version node-version-file architecture check-latest registry-url scope token cache package-manager-cache ' +
        'cache-dependency-path mirror mirror-token'
    )
  }
};
