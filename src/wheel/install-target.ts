/** The machine that is installed on, as the tags of wheels say it. */
interface InstallTarget {
  readonly python: string;
  readonly abi: string;
  /** Every platform tag that it takes, the newest first. */
  readonly platforms: readonly string[];
}

/** Glibc versions under which wheels have older names too. */
const OLDER: readonly (readonly [minor: number, name: string])[] = [
  [17, 'manylinux2014'],
  [12, 'manylinux2010'],
  [5, 'manylinux1'],
];

/**
 * The machine that a wheel with these tags is for: its Python, and every platform tag that such a machine takes. `python` is the build of the cell
 * (3.13t), since a name without an ABI does not tell it. Null for a wheel that runs everywhere.
 */
export function targetOf(fileName: string, python: string): InstallTarget | null {
  const platform =
    fileName
      .replace(/\.whl$/, '')
      .split('-')
      .at(-1) ?? 'any';
  const [tag = 'any'] = platform.split('.');
  if (tag === 'any') return null;
  const digits = python.replace(/t$/, '').replace('.', '');
  return {
    python: python.replace(/t$/, ''),
    abi: `cp${digits}${python.endsWith('t') ? 't' : ''}`,
    platforms: platformsOf(platform),
  };
}

function platformsOf(tags: string): readonly string[] {
  const all = tags.split('.').flatMap((tag) => {
    const [, minor, architecture] = /^manylinux_2_(\d{1,3})_(.+)$/.exec(tag) ?? [];
    return minor === undefined || architecture === undefined
      ? (olderName(tag) ?? [tag])
      : linuxPlatforms(Number(minor), architecture);
  });
  return [...new Set(all)];
}

/** `manylinux2014_x86_64` by its glibc. */
function olderName(tag: string): readonly string[] | null {
  for (const [minor, name] of OLDER) {
    if (tag.startsWith(`${name}_`)) return linuxPlatforms(minor, tag.slice(name.length + 1));
  }
  return null;
}

/** A machine of this glibc takes wheels of every older one, and those that promise nothing. */
function linuxPlatforms(minor: number, architecture: string): readonly string[] {
  const oldest = 5;
  const versions = Array.from({ length: Math.max(0, minor - oldest + 1) }, (_one, index) => minor - index);
  return [
    ...versions.map((version) => `manylinux_2_${version}_${architecture}`),
    ...OLDER.filter(([needs]) => needs <= minor).map(([, name]) => `${name}_${architecture}`),
    `linux_${architecture}`,
  ];
}
