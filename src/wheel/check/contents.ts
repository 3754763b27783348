import type { EntryPoint } from '../entry-points.ts';
import { found, type Found } from './checks.ts';
import { foldersAtTop, type WheelFacts } from './facts.ts';
import type { WheelPolicy } from './policy.ts';

/** What lies in the wheel: at its top, in its data folder, and behind its entry points. */
export function checkContents(facts: WheelFacts, policy: WheelPolicy): readonly Found[] {
  return [...checkData(facts), ...checkTop(facts, policy), ...checkTargets(facts)];
}

const SCHEMES = new Set(['purelib', 'platlib', 'headers', 'scripts', 'data']);

function checkData({ distInfo, entries }: WheelFacts): readonly Found[] {
  if (distInfo === null) return [];
  const expected = distInfo.replace(/\.dist-info$/, '.data');
  const paths = entries.map(({ path }) => path);
  const wrong = foldersAtTop(paths, '.data')
    .filter((folder) => folder !== expected)
    .map((folder) =>
      found(
        'data-folder',
        `${folder} is not called ${expected}, so installers put it among the modules. Build the wheel again.`,
        { entry: folder },
      ),
    );
  const parts = new Set(
    paths.filter((path) => path.startsWith(`${expected}/`)).map((path) => path.split('/')[1] ?? ''),
  );
  const unknown = [...parts]
    .filter((part) => !SCHEMES.has(part))
    .map((part) =>
      found(
        'data-folder',
        `${expected} has a part "${part}"; installers know ${[...SCHEMES].join(', ')} and refuse others. Build the wheel again.`,
        { entry: `${expected}/${part}` },
      ),
    );
  return [...wrong, ...unknown];
}

/** Folders that every careless build brings along: two packages that have them overwrite each other. */
const SHARED_FOLDERS = new Set([
  'test',
  'tests',
  'doc',
  'docs',
  'example',
  'examples',
  'scripts',
  'build',
  'dist',
  'benchmarks',
]);
const MODULE = /\.(py|pyi|so|pyd|dylib|dll)$/i;

/** Where the files of the wheel come to lie, as far as that is among modules. */
function installedPaths({ entries, distInfo }: WheelFacts): readonly string[] {
  const data = (distInfo ?? '').replace(/\.dist-info$/, '.data');
  return entries.flatMap(({ path }) => {
    if (/^[^/]*\.dist-info\//.test(path)) return [];
    if (data !== '' && path.startsWith(`${data}/`)) {
      const [, scheme, ...rest] = path.split('/');
      return scheme === 'purelib' || scheme === 'platlib' ? [rest.join('/')] : [];
    }
    return /^[^/]*\.(data|egg-info)\//.test(path) ? [] : [path];
  });
}

function checkTop(facts: WheelFacts, { topLevel }: WheelPolicy): readonly Found[] {
  const tops = new Map(installedPaths(facts).map((path) => [path.split('/')[0] ?? '', path.includes('/')]));
  const allowed = facts.name.ok ? topLevel.get(facts.name.value.name) : undefined;
  return [...tops].flatMap(([top, isFolder]) => {
    const entry = isFolder ? `${top}/` : top;
    if (allowed !== undefined && !allowed.includes(top.replace(/\.(py|[\w-]*\.?(so|pyd))$/, '')))
      return [
        found(
          'top-level',
          `${entry} lies at the top and does not belong to the package (${allowed.join(', ')}). Leave it out of the build, or name it in the train.`,
          { entry },
        ),
      ];
    return allowed === undefined ? oddTop(top, isFolder) : [];
  });
}

function oddTop(top: string, isFolder: boolean): readonly Found[] {
  if (isFolder)
    return SHARED_FOLDERS.has(top.toLowerCase())
      ? [
          found(
            'top-level-odd',
            `${top}/ lies at the top, where packages overwrite each other's folder of that name. Leave it out of the build, or move it into the package.`,
            { entry: `${top}/` },
          ),
        ]
      : [];
  if (top.endsWith('.pth'))
    return [
      found(
        'top-level-odd',
        `${top} is run at every start of Python once the wheel is installed. Be sure that it is meant.`,
        { entry: top },
      ),
    ];
  return MODULE.test(top)
    ? []
    : [
        found(
          'top-level-odd',
          `${top} is no module and comes to lie among all packages. Leave it out of the build, or move it into the package.`,
          { entry: top },
        ),
      ];
}

function checkTargets(facts: WheelFacts): readonly Found[] {
  const { entryPoints } = facts;
  if (entryPoints === null) return [];
  const modules = new Set(installedPaths(facts).map(moduleOf));
  return entryPoints.value.points.flatMap((point) => {
    if (point.module === null || modules.has(point.module.replaceAll('.', '/'))) return [];
    return [found('entry-point-target', targetText(point), { entry: entryPoints.path, line: point.line })];
  });
}

/** `torch/cli/__init__.py` is torch/cli, `torch/_C.cpython-313-x86_64-linux-gnu.so` is torch/_C. */
function moduleOf(path: string): string {
  return path.replace(/(\/__init__)?(\.[\w-]+)?\.(pyc?|so|pyd)$/, '');
}

const targetText = ({ group, name, module }: EntryPoint): string =>
  `${name} of ${group} names ${module ?? ''}, a module that the wheel does not have. Correct it, unless another package brings the module.`;
