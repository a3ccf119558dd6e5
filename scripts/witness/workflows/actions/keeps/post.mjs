import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

appendFileSync(join(process.env.TARGET, 'posts'), `${process.env['STATE_word']} `);
