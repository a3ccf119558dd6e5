const HASH = 'a'.repeat(64);
const COMMIT = 'b'.repeat(40);

/** A `release.json` with everything a version can have. */
export const manifest = {
  schema: 1,
  version: '1.4.2',
  tag: 'v1.4.2',
  commit: COMMIT,
  previous: '1.4.1',
  created: '2026-11-24T03:00:00Z',
  changes: [
    {
      commit: COMMIT,
      type: 'feat',
      scope: 'cart',
      subject: 'keep the cart (#12)',
      breaking: false,
      author: 'Ana',
      pull: 12,
      date: '2026-11-24T02:00:00.000Z'
    },
    { commit: 'c'.repeat(64), type: 'other', subject: '', breaking: true, author: '', date: '2026-11-24T02:00:00Z' }
  ],
  archive: { name: 'delivery-1.4.2.tar.zst', size: 10, sha256: HASH, tarSha256: HASH },
  files: [
    { path: 'dist/app.js', size: 0, sha256: HASH, mode: '100644' },
    { path: 'deploy.sh', size: 12, sha256: HASH, mode: '100755' }
  ],
  images: [{ name: 'ghcr.io/acme/shop', digest: `sha256:${HASH}` }],
  process: {
    deploy: { run: './deploy.sh', timeoutSeconds: 600 },
    verify: {
      run: './smoke.sh',
      http: { url: 'https://{environment}.shop.example', status: 200, contains: '{version}', successes: 3 },
      withinSeconds: 120
    }
  },
  builder: { repository: 'acme/shop', run: 4711, workflow: 'delivery' }
};

export const payload = {
  schema: 1,
  version: '1.4.2',
  tag: 'v1.4.2',
  digest: `sha256:${HASH}`,
  kind: 'deploy',
  previous: null,
  reason: null,
  override: ['freeze'],
  requestedBy: 'ana',
  approvedBy: ['bia'],
  run: { id: 4711, attempt: 1, url: 'https://github.com/acme/shop/actions/runs/4711' },
  changes: 2,
  manualTouches: 1
};

/** The document with the value at a dotted path replaced; `undefined` takes the key out. */
export const changed = (document: object, path: string, value: unknown): object => {
  const copy: object = structuredClone(document);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((inner: object, key): object => Object(Reflect.get(inner, key)), copy);
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else Object.defineProperty(holder, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
};
