import type { Digest } from '../../src/domain/canonical-json.ts';
import { runningDigest } from '../../src/domain/sha256.ts';
import { fileKey, type ChannelFile } from '../../src/wheel/simple-index/index.ts';

export const FOLDERS = 10;
export const PROJECTS = 30;
const WHEELS = 200;

/** A wheel of the channel, as far as an index knows it. */
export interface MadeFile {
  readonly key: string;
  readonly file: ChannelFile;
  readonly metadata: Uint8Array;
}

const encoder = new TextEncoder();

export function digestOf(bytes: Uint8Array): Digest {
  const digest = runningDigest();
  digest.add(bytes);
  return digest.digest();
}

/** The files of a channel: 10 accelerators, 30 projects in each, 200 wheels of each: five releases over four Pythons and ten platforms. */
export function makeFiles(): readonly MadeFile[] {
  return numbers(FOLDERS).flatMap((folder) =>
    numbers(PROJECTS).flatMap((project) => numbers(WHEELS).map((wheel) => makeFile(folder, project, wheel))),
  );
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_one, index) => index);
}

function makeFile(accelerator: number, project: number, wheel: number): MadeFile {
  const folder = `cu${110 + accelerator}`;
  const version = `2.${Math.floor(wheel / 40)}.0+${folder}`;
  const python = `cp3${9 + (wheel % 4)}`;
  const name = `project_${project}-${version}-${python}-${python}-manylinux_2_${Math.floor(wheel / 4) % 10}_x86_64.whl`;
  const metadata = encoder.encode(metadataText(`project_${project}`, version, wheel));
  const file = {
    name,
    digest: digestOf(encoder.encode(name)),
    size: 800_000_000 + wheel,
    requiresPython: '>=3.9, <3.14',
    metadata: digestOf(metadata),
    yanked: null,
    uploadedAt: null,
  };
  return { key: fileKey(folder, name), file: { folder, file }, metadata };
}

/** As large as that of a package with a long list of requirements. */
function metadataText(name: string, version: string, wheel: number): string {
  const requires = Array.from({ length: 40 }, (_one, index) => `Requires-Dist: needed-${index}>=${index}.${wheel}`);
  const head = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`, 'Requires-Python: >=3.9, <3.14'];
  return `${[...head, ...requires].join('\n')}\n\nA package.\n`;
}
