import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Digest, digestOf } from '../../domain/canonical-json.ts';
import type { Resolution, ResolveQuestion, Resolver } from '../../ports/resolver.ts';
import { PipFailure } from './failure.ts';
import { runPython, type PythonEnd } from './process.ts';
import { standInWheel } from './stand-in.ts';

export interface PipSettings {
  /** The Python whose pip is asked. */
  readonly python: string;
  /** Where answers are kept; may be deleted at any time. */
  readonly kept: string;
  /** Milliseconds for one answer. */
  readonly millis?: number;
}

/** Old pips read whole wheels to answer, and a wheel of a gigabyte takes its time. */
const LONGEST = 15 * 60_000;

/** The real pip, with nothing of this machine's settings. */
export function pipResolver({ python, kept, millis = LONGEST }: PipSettings): Resolver {
  let version: Promise<string> | null = null;
  const versionOf = (): Promise<string> => {
    version ??= pipVersion(python).catch((error: unknown) => {
      version = null;
      throw error;
    });
    return version;
  };
  const placeOf = async (question: ResolveQuestion): Promise<string> =>
    join(kept, `${keyOf(await versionOf(), question).slice('sha256:'.length)}.json`);
  return {
    known: async (question) => readKept(await placeOf(question)),
    resolve: async (question) => {
      const by = await versionOf();
      const place = await placeOf(question);
      const folder = await mkdtemp(join(tmpdir(), 'signalbox-pip-'));
      try {
        const resolution = await askPip(question, { python, folder, millis, by });
        await keep(kept, place, resolution);
        return resolution;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The same question to the same pip has the same key. */
function keyOf(by: string, { index, requirements, target, standIns, restsOn }: ResolveQuestion): Digest {
  const others = standIns.map(({ name, version }) => `${name} ${version}`);
  return digestOf({ by, index, requirements, target: { ...target }, standIns: others, restsOn });
}

async function pipVersion(python: string): Promise<string> {
  const { code, stdout, stderr } = await runPython({
    program: python,
    args: ['-I', '-m', 'pip', '--isolated', '--version'],
    folder: tmpdir(),
    millis: 60_000,
  });
  const version = /^pip (\S+) from/.exec(stdout)?.[1];
  if (code === 0 && version !== undefined) return `pip ${version}`;
  const why = stderr.trim().split('\n').at(-1) ?? '';
  throw new PipFailure('pip-missing', `${python} has no pip (${why}). Install pip 22.2 or newer for it.`);
}

const Picked = z.object({
  name: z.string(),
  version: z.string(),
  url: z.string(),
  digest: Digest.nullable(),
});
const Kept = z.union([
  z.object({ resolved: z.literal(true), by: z.string(), picked: z.array(Picked) }),
  z.object({ resolved: z.literal(false), by: z.string(), reason: z.string() }),
]);

async function readKept(place: string): Promise<Resolution | null> {
  const text = await readFile(place, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    // Half a file of a process that was killed, or of another version: it is asked again.
    return null;
  }
}

async function keep(folder: string, place: string, resolution: Resolution): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = `${place}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(resolution));
  await rename(temporary, place);
}

interface Asking {
  readonly python: string;
  readonly folder: string;
  readonly millis: number;
  readonly by: string;
}

async function askPip(question: ResolveQuestion, { python, folder, millis, by }: Asking): Promise<Resolution> {
  const standIns = join(folder, 'stand-ins');
  await mkdir(standIns);
  for (const each of question.standIns) {
    const { fileName, bytes } = standInWheel(each);
    await writeFile(join(standIns, fileName), bytes);
  }
  const [report, log] = [join(folder, 'report.json'), join(folder, 'pip.log')];
  const args = argumentsOf(question, { folder, standIns, report, log });
  const ended = await runPython({ program: python, args, folder, millis });
  if (ended.code === 0) return { resolved: true, by, picked: await pickedIn(report) };
  return { resolved: false, by, reason: await refusalIn(ended, log) };
}

interface Places {
  readonly folder: string;
  readonly standIns: string;
  readonly report: string;
  readonly log: string;
}

/**
 * Nothing is installed, nothing of this machine counts, wheels only. Older pips hold Requires-Python against the Python they run on, whatever target they are
 * given: that a wheel lets its own Python in is for `artifacts-valid` to say.
 */
const SETTINGS: readonly string[] = [
  '-I -m pip install --dry-run --ignore-installed --ignore-requires-python --only-binary=:all: --implementation cp',
  '--isolated --no-input --no-cache-dir --disable-pip-version-check --no-color --progress-bar off',
].flatMap((words) => words.split(' '));

function argumentsOf(
  { index, requirements, target }: ResolveQuestion,
  { folder, standIns, report, log }: Places,
): readonly string[] {
  return [
    ...SETTINGS,
    '--report',
    report,
    '--log',
    log,
    '--target',
    join(folder, 'target'),
    '--index-url',
    index,
    '--find-links',
    standIns,
    '--python-version',
    target.python,
    '--abi',
    target.abi,
    ...target.platforms.flatMap((platform) => ['--platform', platform]),
    '--',
    ...requirements,
  ];
}

const Report = z.object({
  install: z.array(
    z.object({
      download_info: z.object({
        url: z.string(),
        archive_info: z
          .object({ hash: z.string().optional(), hashes: z.record(z.string(), z.string()).optional() })
          .optional(),
      }),
      metadata: z.object({ name: z.string(), version: z.string() }),
    }),
  ),
});

async function pickedIn(report: string): Promise<readonly z.infer<typeof Picked>[]> {
  const read = Report.safeParse(JSON.parse(await readFile(report, 'utf8')));
  if (!read.success) throw new PipFailure('unexpected-answer', 'pip wrote a report that cannot be read');
  return read.data.install.flatMap(({ download_info: { url, archive_info: archive }, metadata }) => {
    if (url.startsWith('file:')) return [];
    const hex = archive?.hashes?.['sha256'] ?? /^sha256=(.*)$/.exec(archive?.hash ?? '')?.[1];
    const digest = Digest.safeParse(`sha256:${hex}`);
    return [{ ...metadata, url, digest: digest.success ? digest.data : null }];
  });
}

const MOST_REASON = 1500;

/** What pip says of why it cannot be done; a failure of the world is thrown, so that it is never taken for an answer. */
async function refusalIn({ code, stdout, stderr }: PythonEnd, log: string): Promise<string> {
  // pip says on standard error only that nothing was found, also where the index did not answer: its log tells.
  const told = await readFile(log, 'utf8').catch(() => '');
  const unanswered = told.match(/Could not fetch URL .*/g)?.find((line) => !/: 404 Client Error/.test(line));
  if (unanswered !== undefined) throw new PipFailure('unreachable', unanswered.slice(0, MOST_REASON));
  const text = [...linesOf(stderr), ...conflictIn(stdout)].join(' ').slice(0, MOST_REASON);
  const isAnswer =
    /No matching distribution|ResolutionImpossible|DO NOT MATCH THE HASHES|inconsistent|is not a supported wheel/i;
  if (code === 1 && isAnswer.test(stderr)) return text;
  throw new PipFailure('unexpected-answer', `pip ended with ${code}: ${text || 'it did not say why'}`);
}

/** What pip says went wrong, without its advice and warnings. */
function linesOf(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .map((line) => line.replace(/^ERROR:\s*/, '').trim())
    .filter((line) => line !== '' && !/^(?:WARNING|DEPRECATION|ResolutionImpossible|\[notice\])/.test(line));
}

/** Who requires what of whom, which pip tells as a matter of interest. */
function conflictIn(stdout: string): readonly string[] {
  const [, told = ''] = /The conflict is caused by:\n((?:[ \t]+\S.*\n)+)/.exec(stdout) ?? [];
  const lines = told.split('\n').map((line) => line.trim());
  return lines.length > 1 ? [lines.filter((line) => line !== '').join(', ')] : [];
}
