import type { Asset, Hosting } from '../../ports.ts';
import { deleteAsset, listAssets, usable } from './asset-list.ts';
import { claim, unclaim } from './claims.ts';
import { createClient } from './client.ts';
import { createCommentLock } from './comment-lock.ts';
import { createConversations } from './conversations.ts';
import { assetSource, download } from './download.ts';
import { readHostingFacts } from './facts.ts';
import { createKeptFiles } from './kept-files.ts';
import { createLedger } from './ledger.ts';
import type { HostingOptions } from './options.ts';
import { createPreviews } from './previews.ts';
import { useProxy } from './proxy.ts';
import { createRepositoryNode } from './repository-node.ts';
import { createRecordIds } from './record-ids.ts';
import { createRecordWrites } from './records.ts';
import { createReleases, uploadUrlOf } from './releases.ts';
import type { UploadUrls } from './releases.ts';
import { createRuns } from './runs.ts';
import { openStop } from './stops.ts';
import { createSettings } from './settings.ts';
import { uploadAsset } from './upload.ts';
import { createWaitingRuns } from './waiting-runs.ts';

export type { HostingOptions, Pace } from './options.ts';

/**
 * GitHub (github.com, Enterprise Cloud and Server) as the `Hosting` port. Every method throws `Refusal`:
 * `permission-missing` naming the workflow permission, `hosting-failed`, or `cancelled`. Reads are repeated; a write is
 * repeated only after a look found no trace of it. Once the run is cancelled reads and transfers end at once, while calls
 * begun afterwards (closing a record) still get a few seconds.
 */
export const createHosting = (options: HostingOptions): Hosting => {
  useProxy(options.environment ?? {}, options.warn ?? (() => undefined));
  const client = createClient(options);
  const ids = createRecordIds(client);
  const records = createRecordWrites(client, ids);
  const repository = createRepositoryNode(client);
  const urls: UploadUrls = new Map();
  // What a download must bring; commands list the assets of a release before they fetch them.
  const listed = new Map<number, Asset>();
  return {
    facts: (question) => readHostingFacts(client, ids, question),
    ...records,
    ...createPreviews(client, ids, records),
    openStop: (stop) => openStop(client, stop),
    ...createReleases(client, urls),
    uploadAsset: async (upload) => uploadAsset(client, upload, await uploadUrlOf({ client, urls }, upload.release)),
    deleteAsset: (asset) => deleteAsset(client, asset),
    assets: async (release) => {
      const assets = (await listAssets(client, release)).flatMap(usable);
      for (const asset of assets) listed.set(asset.id, asset);
      return assets;
    },
    download: (asset, file) => download(client, { source: assetSource(asset), file, listed: listed.get(asset) }),
    ...createRuns(client),
    ...createWaitingRuns(client),
    ...createSettings(client),
    ...createConversations(client, repository),
    commentLock: (asked) => createCommentLock({ client, repository }, asked),
    claim: (asked) => claim(client, asked),
    unclaim: (asked) => unclaim(client, asked),
    ...createLedger(client),
    ...createKeptFiles(client)
  };
};
