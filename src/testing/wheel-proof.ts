import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { DEBIAN_PYTHON } from './debian-tools.ts';

const run = promisify(execFile);
const Failed = z.object({ code: z.unknown(), stdout: z.string(), stderr: z.string() });

/** Tests each zip and holds its RECORD to it, with Python's own modules; prints a line for each fault. */
const VERIFY = `
import base64, csv, hashlib, io, sys, zipfile

def faults(wheel):
    bad = wheel.testzip()
    if bad: yield 'zipfile ' + bad
    names = [name for name in wheel.namelist() if not name.endswith('/')]
    record = [name for name in names if name.endswith('.dist-info/RECORD')][0]
    listed = {}
    for path, digest, size in csv.reader(io.StringIO(wheel.read(record).decode('utf-8'))):
        if path in listed: yield 'twice ' + path
        listed[path] = (digest, size)
    for name in names:
        if name not in listed:
            if not name.startswith(record + '.'): yield 'unlisted ' + name
            continue
        digest, size = listed.pop(name)
        if name == record: continue
        algorithm, expected = digest.split('=', 1)
        content = wheel.read(name)
        found = base64.urlsafe_b64encode(hashlib.new(algorithm, content).digest()).rstrip(b'=').decode()
        if found != expected.rstrip('='): yield 'hash ' + name
        if size and int(size) != len(content): yield 'size ' + name
    for name in listed: yield 'not there ' + name

for path in sys.argv[1:]:
    try:
        for fault in faults(zipfile.ZipFile(path)): print(path, fault, sep='\\t')
    except zipfile.BadZipFile as error:
        print(path, 'zipfile', error, sep='\\t')
`;

interface Ran {
  readonly isDone: boolean;
  /** Both outputs, white space made even. */
  readonly text: string;
  readonly stdout: string;
}

async function attempt(command: string, args: readonly string[]): Promise<Ran> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', PIP_NO_INPUT: '1', COLUMNS: '1000' };
  const ran = await run(command, args, { env, maxBuffer: 2 ** 26 }).catch((error: unknown) => Failed.parse(error));
  const text = `${ran.stdout} ${ran.stderr}`.replaceAll(/\s+/g, ' ');
  return { isDone: !('code' in ran), text, stdout: ran.stdout };
}

/** What Python's own modules, zipfile and csv, find: a text each, beginning with the name of the wheel. */
export async function pythonFaults(paths: readonly string[]): Promise<readonly string[]> {
  const { isDone, text, stdout } = await attempt(DEBIAN_PYTHON, ['-c', VERIFY, ...paths]);
  if (!isDone) return [text];
  return stdout.split('\n').flatMap((each) => (each === '' ? [] : [nameFirst(each)]));
}

const nameFirst = (text: string): string => text.replace(/^\S*\/(?=[^/\s]+)/, '').replace('\t', ': ');

/** What twine says of each that it does not pass. It stops at the first that it cannot read, so it is asked again for the rest. */
export async function twineFaults(paths: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (let told = 0; told < paths.length;) {
    const { text } = await attempt('/usr/bin/twine', ['--no-color', 'check', ...paths.slice(told)]);
    const verdicts = text.split('Checking ').slice(1);
    if (verdicts.length === 0) return [...faults, text];
    faults.push(...verdicts.filter((verdict) => !verdict.includes(': PASSED')).map(nameFirst));
    told += verdicts.length;
  }
  return faults;
}

/** Which of them pip does not install into an empty folder. */
export async function pipFaults(paths: readonly string[]): Promise<readonly string[]> {
  const left = [...paths];
  const faults: string[] = [];
  while (left.length > 0) {
    // One of each package at a time, since two versions of one would be in each other's way.
    const [first = '', ...rest] = left.splice(0);
    const round = new Map([[packageOf(first), first]]);
    for (const path of rest) {
      if (round.has(packageOf(path))) left.push(path);
      else round.set(packageOf(path), path);
    }
    faults.push(...(await installFaults([...round.values()])));
  }
  return faults;
}

const packageOf = (path: string): string => basename(path).split('-')[0]?.toLowerCase() ?? '';

async function installFaults(paths: readonly string[]): Promise<readonly string[]> {
  const target = await mkdtemp(join(tmpdir(), 'signalbox-installed-'));
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--no-index', '--no-deps', '--no-compile'];
    const pip = ['-m', 'pip', 'install', ...options, '--ignore-requires-python', '--target', target, ...paths];
    const { isDone, text } = await attempt(DEBIAN_PYTHON, pip);
    const installed = (await readdir(target)).map((name) => name.toLowerCase());
    const missing = paths.filter((path) => {
      const [name, version] = basename(path).toLowerCase().split('-');
      return !installed.includes(`${name}-${version}.dist-info`);
    });
    return isDone ? missing.map((path) => `${basename(path)}: pip did not install it`) : [text];
  } finally {
    await rm(target, { recursive: true });
  }
}

/** What all of them find. */
export async function foreignFaults(paths: readonly string[]): Promise<readonly string[]> {
  return [...(await pythonFaults(paths)), ...(await pipFaults(paths)), ...(await twineFaults(paths))];
}
