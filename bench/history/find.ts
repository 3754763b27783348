/** `find CHANGE` as the command does it, from the train file to the answer: `node find.js TRAIN.yaml CHANGE`. Bundled by run.ts, as the command is. */
import { compose } from '../../src/app/compose.ts';
import { findChange } from '../../src/app/history.ts';
import { readEnvironment } from '../../src/config/environment.ts';

const [trainFile = '', change = ''] = process.argv.slice(2);
const environment = await readEnvironment({}, () => Promise.reject(new Error('no secret is needed')));
if (!environment.ok) throw new Error('the environment cannot be read');
const app = await compose({ trainFile, environment: environment.value });
if (!app.ok) throw new Error(JSON.stringify(app.problems));
const found = await findChange(app.value, change);
console.log(JSON.stringify(found));
await app.value.close();
