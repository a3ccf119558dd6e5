import * as v from 'valibot';
import { readDelivery } from '../../src/config/read.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Finding, Judge } from './judge.ts';
import type { Subject } from './subjects.ts';

const Line = v.pipe(v.unknown(), v.transform(Number), v.integer());

const findingsOf = ({ file, offset, text }: Subject): readonly Finding[] => {
  try {
    readDelivery(text, file);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason.code !== 'config-invalid') throw error;
    const { line, problem } = error.reason.details;
    return [{ file, line: offset + v.parse(Line, line), rule: error.reason.code, message: problem }];
  }
};

/** Our own reader, for the delivery files that the pages show. */
export const deliveryFiles: Judge = {
  name: 'delivery files',
  version: 'src/config',
  judge: (subjects) => {
    const own = subjects.filter(({ kind }) => kind === 'delivery');
    return Promise.resolve({ kind: 'judged', judged: own.length, findings: own.flatMap(findingsOf) });
  }
};
