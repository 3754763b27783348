/** Writes docs/train-reference.md and docs/train.schema.json from the schema of the train file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trainJsonSchema } from '../src/config/json-schema.ts';
import { renderReference } from '../src/config/reference.ts';

const docs = join(import.meta.dirname, '..', 'docs');
await writeFile(join(docs, 'train-reference.md'), renderReference());
await writeFile(join(docs, 'train.schema.json'), `${JSON.stringify(trainJsonSchema(), null, 2)}\n`);
