/**
 * What the command has no word for, as a process of its own: `unhashed WHEEL DIR` re-versions without digests, `hashed FILE` takes the SHA-256 of a
 * file and does nothing else, `inspect-many FILE` inspects the wheels at many addresses at once. Prints what was found, the time without the start of
 * Node, and the peak memory as JSON.
 */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFile } from '../../src/adapters/folder/file-source.ts';
import { writeUndigested } from '../../src/adapters/folder/write-splice.ts';
import { httpSource } from '../../src/adapters/http/byte-source.ts';
import { readWheel } from '../../src/wheel/read-wheel.ts';
import { reversionOf } from '../../src/wheel/reversion/index.ts';

const AT_ONCE = 16;
/** As much as is read at once where a wheel is re-versioned. */
const STEP = 1024 * 1024;
const [what = '', first = '', second = ''] = process.argv.slice(2);

async function unhashed(): Promise<string> {
  const source = await openFile(first);
  const order = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };
  const planned = await reversionOf(source, basename(first), order);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const target = join(second, planned.value.to.fileName);
  await writeUndigested({ source, splice: planned.value.splice, target });
  return target;
}

/** Nothing of ours: what this processor needs for one digest, with the next part read meanwhile. */
async function hashed(): Promise<string> {
  const file = await open(first);
  const hash = createHash('sha256');
  const buffers = [Buffer.allocUnsafeSlow(STEP), Buffer.allocUnsafeSlow(STEP)] as const;
  const read = (at: number) => file.read(buffers[(at / STEP) % 2 === 0 ? 0 : 1], 0, STEP, at);
  let next = read(0);
  for (let at = STEP; ; at += STEP) {
    const { bytesRead, buffer } = await next;
    if (bytesRead === 0) break;
    next = read(at);
    hash.update(buffer.subarray(0, bytesRead));
  }
  await file.close();
  return hash.digest('hex');
}

/** Name, version, platform, and how many names RECORD has. */
async function inspect(address: string): Promise<string> {
  const url = new URL(address);
  const read = await readWheel(httpSource(url), { fileName: decodeURIComponent(basename(url.pathname)), quick: true });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { name, metadata, record } = read.value;
  if (!name.ok || metadata === null || record === null) throw new Error('a part is missing');
  const { version } = metadata.value;
  return `${metadata.value.name} ${version} ${name.value.tags.platform.join('.')} ${record.value.rows.length}`;
}

async function inspectMany(): Promise<string> {
  const left = (await readFile(first, 'utf8')).trim().split('\n');
  const found = new Map<string, number>();
  const work = async (): Promise<void> => {
    for (let address = left.pop(); address !== undefined; address = left.pop()) {
      const wheel = await inspect(address);
      found.set(wheel, (found.get(wheel) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return [...found].map(([wheel, count]) => `${count} times ${wheel}`).join('; ');
}

const started = performance.now();
const done = await (what === 'unhashed' ? unhashed() : what === 'hashed' ? hashed() : inspectMany());
const millis = performance.now() - started;
console.log(JSON.stringify({ done, millis, peakBytes: process.resourceUsage().maxRSS * 1024 }));
