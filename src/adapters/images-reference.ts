/** Where an image's manifests are: `ghcr.io/acme/shop` -> registry `ghcr.io`, repository `acme/shop`. */
export interface Repository {
  /** The whole name as it was written, for messages. */
  readonly name: string;
  /** Key of docker's `config.json`. */
  readonly account: string;
  readonly origin: string;
  readonly path: string;
}

const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
/** OCI distribution spec 1.1, "Pulling manifests": `<name>`. */
const PATH = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const HOST = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const LONGEST = 255;

/** `<reference>` of the same specification, as a tag. */
export const TAG = /^\w[\w.-]{0,127}$/;
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Docker's rule: the first part is a host when it has a dot or a port, or is `localhost`. */
const split = (name: string): readonly [string, string] => {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  return slash > 0 && /[.:]|^localhost$/i.test(first) ? [first, name.slice(slash + 1)] : ['docker.io', name];
};

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Undefined for what is no image name. Plain http only on this machine. */
export const repositoryOf = (name: string): Repository | undefined => {
  const [host, path] = split(name);
  if (name.length > LONGEST || !HOST.test(host) || !PATH.test(path)) return undefined;
  if (!DOCKER_HUB.has(host)) {
    return { name, account: host, origin: `${isLoopback(host) ? 'http' : 'https'}://${host}`, path };
  }
  const full = path.includes('/') ? path : `library/${path}`;
  return { name, account: 'https://index.docker.io/v1/', origin: 'https://registry-1.docker.io', path: full };
};
