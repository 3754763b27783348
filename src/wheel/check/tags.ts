import { admits } from '../../domain/specifier.ts';
import { Pep440Version } from '../../domain/pep440.ts';
import { parseAbiTag, parsePythonTag, type PythonNumber } from '../python-tag.ts';
import { parsePlatformTag } from '../platform-tag.ts';
import { found, type Found } from './checks.ts';
import type { WheelFacts } from './facts.ts';
import { few } from './names.ts';

/** Tags with each other, with Requires-Python and with what is in the wheel. */
export function checkTags(facts: WheelFacts): readonly Found[] {
  if (!facts.name.ok) return [];
  const { tags } = facts.name.value;
  return [
    ...tags.python.flatMap((python) => tags.abi.flatMap((abi) => checkPair(python, abi, tags.abi))),
    ...checkRequiresPython(facts, tags.python),
    ...checkBinaries(facts, tags.platform),
  ];
}

/** A binary interface of one Python with the tag of another fits nobody. With several of each, every one needs a partner only. */
function checkPair(python: string, abi: string, all: readonly string[]): readonly Found[] {
  if (all.length > 1) return [];
  const [interpreter, binary] = [parsePythonTag(python), parseAbiTag(abi)];
  if (interpreter.implementation !== 'cpython' || interpreter.version === null) return [];
  if (binary.kind === 'stable' && interpreter.version.major < 3)
    return [
      found(
        'tags-impossible',
        `${python} has no stable interface: ${python}-${abi} fits no Python. Build the wheel again.`,
      ),
    ];
  if (binary.kind !== 'cpython' || isSame(interpreter.version, binary.version)) return [];
  return [
    found(
      'tags-impossible',
      `${python}-${abi} is the interface of one Python with the tag of another, and fits neither. Build the wheel again.`,
    ),
  ];
}

const isSame = (left: PythonNumber, right: PythonNumber): boolean =>
  left.major === right.major && left.minor === right.minor;

/** More patch releases than any Python has had. */
const PATCHES = 60;
/** Minors that a tag without one may stand for. */
const MINORS = 40;

function checkRequiresPython({ metadata }: WheelFacts, pythons: readonly string[]): readonly Found[] {
  const requires = metadata?.value.requiresPython ?? null;
  if (metadata === null || requires === null) return [];
  const place = { entry: metadata.path, line: requires.line };
  const numbered = pythons.flatMap((tag) => {
    const { version, implementation } = parsePythonTag(tag);
    return version === null || implementation === 'other' ? [] : [{ tag, version }];
  });
  const refused = numbered.filter(
    ({ version }) => !versionsOf(version).some((each) => admits(requires.specifiers, each)),
  );
  if (refused.length === 0) return [];
  const tags = few(refused.map(({ tag }) => tag));
  return refused.length === numbered.length
    ? [
        found(
          'requires-python',
          `The wheel is for ${tags}, and Requires-Python "${requires.text}" takes no such Python: nobody can install it. Correct one of them and build again.`,
          place,
        ),
      ]
    : [
        found(
          'requires-python-odd',
          `The tags name ${tags}, which Requires-Python "${requires.text}" does not take. Leave the tag out of the build.`,
          place,
        ),
      ];
}

function versionsOf({ major, minor }: PythonNumber): readonly Pep440Version[] {
  const minors = minor === null ? Array.from({ length: MINORS }, (_, index) => index) : [minor];
  const patches = minor === null ? [0, 30] : Array.from({ length: PATCHES }, (_, index) => index);
  return minors.flatMap((each) => patches.map((patch) => Pep440Version.parse(`${major}.${each}.${patch}`)));
}

const BINARY = /\.(so(\.\d+)*|pyd|dylib|dll)$/i;

function checkBinaries({ entries, wheel }: WheelFacts, platforms: readonly string[]): readonly Found[] {
  const isAny = platforms.every((platform) => parsePlatformTag(platform).kind === 'any');
  const binaries = entries.filter(({ path }) => BINARY.test(path)).map(({ path }) => path);
  const findings: Found[] = [];
  if (isAny && binaries.length > 0)
    findings.push(
      found(
        'binary-in-any',
        `The wheel says that it is for every platform and has ${few(binaries)}. Build it with the tag of its platform.`,
        {
          entry: binaries[0] ?? null,
        },
      ),
    );
  if (wheel?.value.isPure === true && !isAny)
    findings.push(
      found(
        'purelib',
        'WHEEL says Root-Is-Purelib: true, and the tags are for one platform: the files go where those of pure Python belong. Set it to false.',
        {
          entry: wheel.path,
        },
      ),
    );
  return findings;
}
