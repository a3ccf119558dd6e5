import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StartedRun } from '../../rehearsal/hub/index.ts';
import { ACTION, openWorkshop } from './harness.ts';
import type { JobRequest, JobResult, Workshop } from './harness.ts';

const CONFIG = `build:
  run: ./build.sh
  files: [out/**, tool.sh]
`;

/** Writes the same files in the order of \`$ORDER\`, some of them with their own modes. */
const BUILD = `#!/bin/bash
set -e
mkdir -p out/deep/er
for name in $ORDER; do
  echo "$name of $DELIVERY_VERSION" > "out/$name.txt"
  echo "$name" > "out/deep/$name"
done
head -c 200000 /dev/zero | tr '\\0' x > out/deep/er/large
echo 'echo hi' > out/run.sh
chmod u+x out/run.sh
ln -sf ../run.sh out/deep/link
`;

interface Built {
  readonly digest: string | undefined;
  readonly archive: Buffer;
  readonly manifest: string;
}

const readBuilt = async ({ artifact, outputs }: JobResult): Promise<Built> => {
  const name = (await readdir(artifact)).find((each) => each.endsWith('.tar.zst')) ?? '';
  return {
    digest: outputs['digest'],
    archive: await readFile(join(artifact, name)),
    manifest: await readFile(join(artifact, 'release.json'), 'utf8')
  };
};

const Manifest = v.object({
  files: v.array(v.object({ path: v.string(), mode: v.string() })),
  archive: v.object({ name: v.string(), tarSha256: v.string() })
});

const manifestOf = ({ manifest }: Built): v.InferOutput<typeof Manifest> => v.parse(Manifest, JSON.parse(manifest));

const filesIn = (built: Built): readonly string[] => manifestOf(built).files.map(({ path, mode }) => `${mode} ${path}`);

describe('building one commit again', () => {
  let shop: Workshop;
  let run: StartedRun;
  let masked: string;
  const build = async (order: string, request: Partial<JobRequest> = {}): Promise<Built> => {
    const job = await shop.job('build', { run, environment: { ORDER: order }, ...request });
    if (job.exitCode !== 0) throw new Error(job.log);
    return readBuilt(job);
  };

  beforeAll(async () => {
    shop = await openWorkshop();
    const sha = await shop.hub.commit({
      message: 'feat: begin',
      files: {
        '.github/delivery.yml': CONFIG,
        'build.sh': BUILD,
        'tool.sh': '#!/bin/sh\n',
        'other.txt': 'not packed\n'
      },
      executable: ['build.sh', 'tool.sh']
    });
    run = shop.start(sha);
    // a runner with another umask: the whole step runs under it
    masked = join(shop.directory, 'masked.mjs');
    await writeFile(masked, `process.umask(0o077);\nawait import(${JSON.stringify(ACTION)});\n`);
  });
  afterAll(() => shop.close());

  test('folder, umask, time and order of creation do not show in a single byte', async () => {
    const [plain, strict] = await Promise.all([
      build('a b c d'),
      build('d c b a', {
        environment: { ORDER: 'd c b a', TZ: 'America/Sao_Paulo', LC_ALL: 'pt_BR.UTF-8' },
        action: masked
      })
    ]);
    expect(strict.digest).toBe(plain.digest);
    expect(strict.archive.equals(plain.archive)).toBe(true);
    expect(strict.manifest).toBe(plain.manifest);
    expect(filesIn(plain)).toContain('100755 out/run.sh');
    expect(filesIn(plain)).toContain('100644 out/a.txt');
  });

  test('building twice in one folder gives the same again, and packs nothing of the first time', async () => {
    const first = await shop.job('build', { run, environment: { ORDER: 'a' } });
    const before = await readBuilt(first);
    const again = await shop.job('build', { run, environment: { ORDER: 'a' }, workspace: first.workspace });
    expect(again.outputs['reason-code']).toBe('built');
    expect(await readBuilt(again)).toEqual(before);
  });

  test.each([
    ['another content', 'a b c', 'a b d'],
    ['one file more', 'a b', 'a b c']
  ])('%s is another digest', async (_, one, other) => {
    const [left, right] = await Promise.all([build(one), build(other)]);
    expect(left.digest).not.toBe(right.digest);
    expect(left.archive.equals(right.archive)).toBe(false);
  });

  test('without a config the tracked tree is packed, and nothing else', async () => {
    const sha = await shop.hub.commit({
      message: 'feat: no config',
      files: { '.github/delivery.yml': null, 'a/b.txt': 'b\n', 'ü.txt': 'ü\n' }
    });
    const bare = shop.start(sha);
    const { workspace } = await shop.job('plan', { run: bare });
    await mkdir(join(workspace, 'node_modules/left'), { recursive: true });
    await writeFile(join(workspace, 'node_modules/left/pad.js'), '');
    await writeFile(join(workspace, 'untracked.txt'), '');
    await chmod(join(workspace, 'other.txt'), 0o600);
    const [dirty, clean] = await Promise.all([
      shop.job('build', { run: bare, workspace }).then(readBuilt),
      shop.job('build', { run: bare }).then(readBuilt)
    ]);
    expect(dirty).toEqual(clean);
    expect(filesIn(dirty)).toEqual([
      '100644 a/b.txt',
      '100755 build.sh',
      '100644 other.txt',
      '100755 tool.sh',
      '100644 ü.txt'
    ]);
  });

  test('an archive is what its manifest says, to other programs too', async () => {
    const job = await shop.job('build', { run, environment: { ORDER: 'a b' } });
    const { archive } = manifestOf(await readBuilt(job));
    const sum = execFileSync('sh', ['-c', 'zstd -dc "$1" | sha256sum', 'sh', join(job.artifact, archive.name)]);
    expect(String(sum)).toContain(archive.tarSha256);
    const list = execFileSync('tar', ['--zstd', '-tvf', join(job.artifact, archive.name)], { encoding: 'utf8' });
    expect(list).toMatch(/-rwxr-xr-x 0\/0 .* out\/run\.sh\n/);
    expect(list).toMatch(/link -> \.\.\/run\.sh\n/);
  });
});
