import { explainEntryPoint } from '../entry-points.ts';
import { explainFileName, type WheelFileName } from '../file-name.ts';
import { explainMetadata, type MetadataProblem } from '../metadata-problem.ts';
import { escapeName, normalizeName } from '../../domain/package-name.ts';
import { expandTags } from '../tags.ts';
import { explainWheelFile, type WheelFileProblem } from '../wheel-file.ts';
import { found, type Found } from './checks.ts';
import { foldersAtTop, type ReadPart, type WheelFacts } from './facts.ts';

/** The file name by itself, and against WHEEL and METADATA. */
export function checkNames(facts: WheelFacts): readonly Found[] {
  const { name } = facts;
  if (!name.ok) return [found('file-name', explainFileName(name.problems[0]))];
  return [
    ...checkForm(name.value),
    ...checkAgainstMetadata(facts, name.value),
    ...checkAgainstWheel(facts, name.value),
  ];
}

function checkForm({ writtenName, writtenVersion, version }: WheelFileName): readonly Found[] {
  const escaped = escapeName(writtenName);
  const texts = [
    ...(writtenName === escaped
      ? []
      : [
          `The file name writes "${writtenName}" where "${escaped}" is the normal form; tools that compare texts take it for another package. Build with a tool that writes the normal form.`,
        ]),
    ...(writtenVersion === version
      ? []
      : [
          `The file name writes the version ${writtenVersion} where ${version} is the normal form. Build with a tool that writes the normal form.`,
        ]),
  ];
  return texts.map((text) => found('file-name-form', text));
}

function checkAgainstMetadata({ metadata }: WheelFacts, name: WheelFileName): readonly Found[] {
  if (metadata === null) return [];
  const { path, value } = metadata;
  const findings: Found[] = [];
  if (value.normalName !== null && value.normalName !== name.name)
    findings.push(
      found(
        'name-differs',
        `METADATA is of ${value.name ?? ''}, and the file name of ${name.writtenName}. One of them belongs to another package: build the wheel again, never rename it.`,
        { entry: path, line: value.lines.name },
      ),
    );
  if (value.version !== null && value.version !== name.version)
    findings.push(
      found(
        'version-differs',
        `METADATA says version ${value.version}, and the file name ${name.version}. Build the wheel again, or re-version it; a wheel must not be renamed.`,
        { entry: path, line: value.lines.version },
      ),
    );
  return findings;
}

function checkAgainstWheel({ wheel }: WheelFacts, name: WheelFileName): readonly Found[] {
  if (wheel === null) return [];
  const { path, value } = wheel;
  const named = expandTags(name.tags);
  const [onlyNamed, onlyInside] = [
    named.filter((tag) => !value.tags.includes(tag)),
    value.tags.filter((tag) => !named.includes(tag)),
  ];
  const findings: Found[] = [];
  if (onlyNamed.length + onlyInside.length > 0)
    findings.push(
      found(
        'tags-differ',
        `Tags differ: ${[
          ...(onlyNamed.length > 0 ? [`the file name has ${few(onlyNamed)}, WHEEL has not`] : []),
          ...(onlyInside.length > 0 ? [`WHEEL has ${few(onlyInside)}, the file name has not`] : []),
        ].join('; ')}. Build the wheel again, or correct WHEEL with its tool; a wheel must not be renamed.`,
        { entry: path },
      ),
    );
  if ((value.build ?? null) !== name.build)
    findings.push(
      found(
        'build-differs',
        `The build tag is ${name.build ?? 'not there'} in the file name and ${value.build ?? 'not there'} in WHEEL. Make them the same.`,
        { entry: path },
      ),
    );
  return findings;
}

/** So many that a person reads them, and how many more there are. */
export function few(texts: readonly string[], most = 3): string {
  const shown = texts.slice(0, most).join(', ');
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

/** The dist-info folder: one, named for the wheel, with what must be in it. */
export function checkDistInfo({ distInfos, distInfo, name, wheel, metadata, entries }: WheelFacts): readonly Found[] {
  if (distInfo === null)
    return [
      found(
        'dist-info',
        'The file has no folder NAME-VERSION.dist-info at its top, so it is no wheel. Build it again.',
      ),
    ];
  const findings: Found[] = [];
  if (distInfos.length > 1)
    findings.push(
      found(
        'dist-info',
        `The wheel has ${distInfos.length} dist-info folders: ${few(distInfos)}. Tools read different ones: build it again from a clean folder.`,
      ),
    );
  const expected = name.ok ? `${escapeName(name.value.name)}-${name.value.version}.dist-info` : distInfo;
  if (comparable(distInfo) !== comparable(expected))
    findings.push(
      found(
        'dist-info',
        `The dist-info folder is called ${distInfo}; for this file name it is ${expected}. Installers refuse the wheel: build or re-version it again.`,
        {
          entry: distInfo,
        },
      ),
    );
  for (const [file, part] of [
    ['WHEEL', wheel],
    ['METADATA', metadata],
  ] as const)
    if (part === null)
      findings.push(found('dist-info', `${distInfo} has no ${file}. Build the wheel again.`, { entry: distInfo }));
  const eggs = foldersAtTop(
    entries.map((entry) => entry.path),
    '.egg-info',
  );
  for (const egg of eggs)
    findings.push(
      found(
        'dist-info',
        `${egg} is metadata of an older kind in a wheel; tools may read it. Leave it out of the build.`,
        { entry: egg },
      ),
    );
  return findings;
}

/** Installers compare the folder with the file name as names are compared; the version in its normal form. */
function comparable(folder: string): string {
  const bare = folder.slice(0, -'.dist-info'.length);
  const hyphen = bare.lastIndexOf('-');
  return `${normalizeName(bare.slice(0, Math.max(0, hyphen)))}-${bare.slice(hyphen + 1)}`;
}

/** What METADATA, WHEEL and entry_points.txt say wrongly by themselves. */
export function checkParts({ metadata, wheel, entryPoints }: WheelFacts): readonly Found[] {
  return [
    ...encoding(wheel, 'wheel-file'),
    ...(wheel?.value.problems ?? []).map((problem) =>
      found(isOddWheel(problem) ? 'wheel-file-odd' : 'wheel-file', explainWheelFile(problem), {
        entry: wheel?.path ?? null,
        line: problem.line,
      }),
    ),
    ...encoding(metadata, 'metadata'),
    ...(metadata?.value.problems ?? []).map((problem) =>
      found(isOdd(problem) ? 'metadata-odd' : 'metadata', explainMetadata(problem), {
        entry: metadata?.path ?? null,
        line: problem.line,
      }),
    ),
    ...encoding(entryPoints, 'entry-points'),
    ...(entryPoints?.value.problems ?? []).map((problem) =>
      found('entry-points', explainEntryPoint(problem), { entry: entryPoints?.path ?? null, line: problem.line }),
    ),
  ];
}

function encoding(part: ReadPart<unknown> | null, check: 'wheel-file' | 'metadata' | 'entry-points'): readonly Found[] {
  if (part === null) return [];
  const { path, text } = part;
  return [
    ...(text.badLine === null
      ? []
      : [
          found(check, 'The line has bytes that are not UTF-8. Write the file in UTF-8.', {
            entry: path,
            line: text.badLine,
          }),
        ]),
    ...(text.hasByteOrderMark
      ? [
          found(
            check,
            'The file begins with a byte order mark, which is part of the first name for some readers. Write it without.',
            { entry: path, line: 1 },
          ),
        ]
      : []),
  ];
}

const isOddWheel = (problem: WheelFileProblem): boolean => problem.code === 'newer-version';

/** What installers and indexes take all the same. */
const ODD_VALUES = new Set([
  'extra-not-normal',
  'extra-not-provided',
  'bad-project-url',
  'two-descriptions',
  'license-classifier',
]);

function isOdd(problem: MetadataProblem): boolean {
  if (problem.code === 'bad-value') return ODD_VALUES.has(problem.what);
  return ['unknown-field', 'field-too-new', 'newer-metadata-version'].includes(problem.code);
}
