/**
 * `node scripts/complete-lock.mjs`: names in package-lock.json the packages for other platforms that npm left out. npm does so when the
 * registry it asks does not hold them, and `npm ci` then refuses the lock file on every machine. Such an entry has version and platform and
 * no integrity; a machine of that platform adds it. With `--check` it only says what is missing, and exits with 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

const OS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
};
const CPU = /(?:^|-)(arm64|arm|ia32|ppc64|riscv64|s390x|x64|loong64|mips64el|wasm32)(?:-|$)/u;

/** What the name of a platform package says: `binding-linux-arm-musleabihf` is linux, arm, musl. */
function platform(name) {
  const words = name.split('/').at(-1);
  const os = Object.keys(OS).find((each) => words.includes(each));
  const cpu = CPU.exec(words)?.[1];
  const libc = /musl/u.test(words) ? 'musl' : /gnu/u.test(words) ? 'glibc' : undefined;
  if (os === undefined && cpu !== 'wasm32') throw new Error(`complete-lock: cannot tell the platform of ${name}`);
  return { ...(cpu && { cpu: [cpu] }), ...(os && { os: [os] }), ...(os === 'linux' && libc && { libc: [libc] }) };
}

const missing = Object.values(lock.packages).flatMap((parent) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)))
    .map(([name, version]) => ({ name, version, dev: parent.dev })),
);

if (process.argv.includes('--check')) {
  for (const { name, version } of missing) console.log(`package-lock.json lacks ${name}@${version}`);
  process.exitCode = missing.length > 0 ? 1 : 0;
} else {
  for (const { name, version, dev } of missing) {
    lock.packages[`node_modules/${name}`] = { version, ...platform(name), ...(dev && { dev }), optional: true };
  }
  const byName = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(byName) }, undefined, 2)}\n`);
  console.log(`${missing.length} packages for other platforms added`);
}
