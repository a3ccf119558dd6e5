import type { RecordState } from '../../domain/deployment.ts';
import type { NewRecord, StatusUpdate } from '../../ports.ts';
import { parsePayload } from '../../config/payload.ts';
import type { Client } from './client.ts';
import { createFiling } from './filing.ts';
import type { Filing, Order } from './filing.ts';
import type { RecordIds } from './record-ids.ts';
import { recordState, setStatus } from './statuses.ts';

export interface RecordWrites extends Filing {
  createRecord(record: NewRecord): Promise<number>;
  setStatus(record: number, update: StatusUpdate): Promise<void>;
  recordState(record: number): Promise<RecordState>;
}

/** The record outlives reviews of it, so it is not transient. */
const orderOf = (record: NewRecord): Order => ({
  ...record,
  task: 'deploy',
  transient: false,
  isTwin: (payload) => {
    const theirs = parsePayload(payload);
    const { run, kind, version } = record.payload;
    if (theirs === undefined || theirs.kind !== kind || theirs.version !== version) return false;
    return theirs.run.id === run.id && theirs.run.attempt === run.attempt;
  }
});

/** Writes of records; one call each when nothing fails. */
export const createRecordWrites = (client: Client, ids: RecordIds): RecordWrites => {
  const close = (record: number, description: string): Promise<void> =>
    setStatus(client, record, { state: 'error', description });
  const { file } = createFiling(client, ids, close);
  return {
    file,
    createRecord: (record) => file(orderOf(record)),
    setStatus: (record, update) => setStatus(client, record, update),
    recordState: (record) => recordState(client, record)
  };
};
