/** `npm run bench -- NAME…`: runs bench/NAME/run.ts for each name given, or every benchmark there is. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bench');
const known = existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'run.ts'))) : [];
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));

const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0 || known.length === 0) {
  console.error(`bench: no benchmark ${unknown.join(', ')}; there are: ${known.join(', ') || 'none'}`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : known) {
  console.error(`bench ${name}`);
  const { status } = spawnSync(process.execPath, [join(folder, name, 'run.ts'), ...options], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
