/**
 * Files that are credentials by their name. The list is closed and short on purpose: it stops the accidents that
 * happen (a wide glob, a tool that leaves its login in the workspace); it is no scanner. Names are compared without case.
 */
const NAMES: ReadonlySet<string> = new Set([
  '.npmrc',
  '.pypirc',
  '.netrc',
  '_netrc',
  '.git-credentials',
  '.pgpass',
  '.my.cnf',
  '.vault-token',
  '.dockercfg',
  'credentials.tfrc.json',
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ecdsa_sk',
  'id_ed25519',
  'id_ed25519_sk'
]);

/** `gha-creds-*.json` is what google-github-actions/auth writes into the workspace; the rest are private key stores. */
const SHAPES = /^gha-creds-.*\.json$|\.(?:p12|pfx|jks|keystore|ppk)$/;
const HOMES = /(?:^|\/)(?:\.aws\/credentials|\.docker\/config\.json|\.kube\/config)$/;
const ENV = /^\.env(?:\.(?!(?:example|sample|template)$).*)?$/;
/** May hold a public certificate as well as a private key: only the content tells. */
const KEYS = /\.(?:pem|key)$/i;
const PRIVATE = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY/;

export const isSecret = (path: string): boolean => {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return NAMES.has(name) || SHAPES.test(name) || ENV.test(name) || HOMES.test(lower);
};

export const mayHoldKey = (path: string): boolean => KEYS.test(path);

export const holdsPrivateKey = (content: Buffer): boolean => PRIVATE.test(content.toString('latin1'));
