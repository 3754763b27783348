import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Packages of npm that ship wheels, all of them under permissive licences. They are fetched by `npm pack`, pinned by their digest, and never
 * installed: what they depend on is large and of no use here (docs/decisions/0085).
 */
const PACKAGES = [
  {
    name: '@jupyterlite/pyolite-kernel',
    version: '0.1.0-alpha.10',
    licence: 'BSD-3-Clause',
    sha512: 'MbI0yfHouH2515tqXIwvjGlxG9aqqF+HBVUCpLGERAiR8FUO8603RuNhut10lHMjlFbn416DOkH0vVo1Jv8BBQ==',
  },
  {
    name: '@jupyterlite/pyolite-kernel',
    version: '0.1.0-beta.18',
    licence: 'BSD-3-Clause',
    sha512: 'CsUugrlRoD+naCbOYEuhLecL9YgwH6r5TDeVfBHtlBzzP2MR+KPnwHSXbx7WiDVwzRVcG0pFrzGvRs0CQ0Rvrw==',
  },
  {
    name: '@jupyterlite/pyodide-kernel',
    version: '0.0.2',
    licence: 'BSD-3-Clause',
    sha512: 'TDMlZBE0Z9Ld8Cq0/IBXhEpJADL9D69hBlZvnhGILHXKOjXuINBfRfICEtzXF1hgya6UAHuGsALiMySlAkPbTA==',
  },
  {
    name: '@jupyterlite/pyodide-kernel',
    version: '0.4.7',
    licence: 'BSD-3-Clause',
    sha512: 'DGw4owsUwmGd5lyBP3OsXB/yTTUSSFhPV5N52G1B+M4G3qAA8FWf8qIfUot6KwC8GHvrNybfNZ1pwLQo89AzTg==',
  },
  {
    name: '@jupyterlite/pyodide-kernel',
    version: '0.8.6',
    licence: 'BSD-3-Clause',
    sha512: 'TYkihQX9c6L0FLNfPJpmHw/y3i8lgoUBrcPks7fPo1XCMZegt2oodCffR+XQ2Aqs5TImIKOa2gTwoU69CMFPoQ==',
  },
  // Two wheels in 18 MB; the only ones here with the tag of one Python.
  {
    name: '@gradio/lite',
    version: '5.45.0',
    licence: 'Apache-2.0',
    sha512: '7ZkKvXxrHPa6c633WQjD4KM6IlDos9a+IFwLBhfoq7PTb3tKWarYcVr5OAEsOkzDob7hJiz2RoeubhQG9YCUDA==',
  },
] as const;

type Package = (typeof PACKAGES)[number];

const DEBIAN = '/usr/share/python-wheels';
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/signalbox-wheels');

/** A wheel that somebody published. */
export interface RealWheel {
  /** Where it is from, and its name: `debian/pip-23.0.1-py3-none-any.whl`. */
  readonly key: string;
  readonly path: string;
}

/** Every real wheel there is here: those of Debian's packages and those in packages of npm, fetched the first time. Throws where that fails. */
export async function realWheels(): Promise<readonly RealWheel[]> {
  const found = [...(await wheelsIn('debian', DEBIAN))];
  for (const each of PACKAGES) found.push(...(await wheelsIn(shortName(each), await unpacked(each))));
  return found;
}

/** `pyodide-kernel@0.8.6`. */
const shortName = ({ name, version }: Package): string => `${basename(name)}@${version}`;

async function wheelsIn(from: string, folder: string): Promise<readonly RealWheel[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.whl'))
    .toSorted()
    .map((entry) => ({ key: `${from}/${basename(entry)}`, path: join(folder, entry) }));
}

/** The folder of the package's files; whole or not there, whoever fetches it at the same time. */
async function unpacked(of: Package): Promise<string> {
  const folder = join(CACHE, shortName(of));
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'fetch-'));
  try {
    const { stdout } = await run('npm', ['pack', `${of.name}@${of.version}`, '--silent', '--pack-destination', work]);
    const tarball = join(work, stdout.trim().split('\n').at(-1) ?? '');
    const digest = createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64');
    if (digest !== of.sha512)
      throw new Error(`${of.name}@${of.version} has another digest than the one pinned: ${digest}`);
    await run('tar', ['--extract', '--gzip', '--file', tarball, '--directory', work, '--wildcards', '*.whl']);
    await rename(join(work, 'package'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
