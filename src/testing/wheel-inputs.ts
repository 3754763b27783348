import * as fc from 'fast-check';

/** Inputs for the parsers of wheels: mostly right, some with a letter too many, some nonsense. */

const numbers = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 300 })).map(String);
const maybe = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(fc.constant(''), fc.constant(''), arbitrary);
const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const pick = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const release = fc.array(numbers, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));

export const version = joined(
  maybe(pick('1!', '0!')),
  release,
  maybe(
    joined(pick('', '.', '-', '_'), pick('a', 'b', 'rc', 'alpha', 'c', 'RC', 'preview'), pick('', '.'), maybe(numbers)),
  ),
  maybe(fc.oneof(joined(pick('.post', '-', 'post', '-r', '.rev'), numbers), pick('.post'))),
  maybe(joined(pick('.dev', 'dev', '-dev'), maybe(numbers))),
  maybe(joined(fc.constant('+'), pick('cpu', 'cu126', 'rocm6.3', 'CPU', 'a_1', '007', 'git12ab'))),
);

const operator = pick('==', '!=', '<=', '>=', '<', '>', '~=', '===', '=', '=>');
const clause = joined(operator, pick('', '', ' '), version, maybe(pick('.*', '.*', ' ', 'x', '*')));

export const specifiers = fc
  .array(clause, { maxLength: 3 })
  .chain((clauses) => pick(',', ', ', ' , ', ' ').map((comma) => clauses.join(comma)));

export const packageName = fc.oneof(
  pick('torch', 'Torch_Vision', 'nvidia-cuda-runtime-cu12', 'zope.interface', 'a', 'A-', '-a', 'a__b', 'a-_.b', 'x.'),
  fc.string({ unit: pick('a', 'B', '9', '-', '_', '.', ' '), minLength: 1, maxLength: 8 }),
);

const python = pick('py3', 'py2', 'cp39', 'cp313', 'cp310', 'pp39', 'CP313', 'py37', '3');
const abi = pick('none', 'abi3', 'cp313', 'cp313t', 'cp39', 'cp37m', 'pypy39_pp73', 'NONE');
const platform = pick(
  'any',
  'manylinux2014_x86_64',
  'manylinux_2_28_aarch64',
  'manylinux1_i686',
  'musllinux_1_2_x86_64',
  'linux_x86_64',
  'macosx_11_0_arm64',
  'macosx_10_9_universal2',
  'win_amd64',
  'win32',
  'emscripten_3_1_58_wasm32',
);
const compressed = (tag: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(tag, { minLength: 1, maxLength: 3 }).map((tags) => tags.join('.'));

export const tagSet = joined(
  compressed(python),
  fc.constant('-'),
  compressed(abi),
  fc.constant('-'),
  compressed(platform),
);

/** One letter added, taken away or changed, in a third of all cases. */
export function withSlips(arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const letter = fc.oneof(
    pick('-', '_', '.', ' ', ',', ';', '[', ']', '(', ')', '"', "'", '@', '=', 'é', '\t', '\n'),
    fc.string({ minLength: 1, maxLength: 1 }),
  );
  return fc
    .tuple(arbitrary, fc.nat(5), fc.double({ min: 0, max: 1, noNaN: true }), letter)
    .map(([text, kind, where, sign]) => {
      const at = Math.floor(where * text.length);
      if (kind === 0) return text.slice(0, at) + sign + text.slice(at);
      if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
      return text;
    });
}

export const wheelFileName = withSlips(
  joined(
    packageName.map((name) => name.replaceAll('-', '_')),
    fc.constant('-'),
    version.map((text) => text.replaceAll('-', '_')),
    maybe(pick('-1', '-20250801cpu', '-x', '-')),
    fc.constant('-'),
    tagSet,
    fc.constant('.whl'),
  ),
);

const place = pick(
  'python_version',
  'sys_platform',
  'os_name',
  'platform_machine',
  'os.name',
  'python_implementation',
  'nonsense',
);
const text = pick('"3.9"', "'3.13'", '"linux"', '"opt"', '"posix"', "'win32'", '"x86_64"');
const comparing = joined(pick(' ', '', '  '), pick('==', '!=', '<', '>=', ' in ', ' not in ', '~='), pick(' ', ''));
const comparison = fc.oneof(
  { weight: 8, arbitrary: joined(place, comparing, text) },
  { weight: 3, arbitrary: joined(fc.constant('extra'), comparing, text) },
  { weight: 1, arbitrary: joined(text, comparing, place) },
  { weight: 1, arbitrary: joined(place, comparing, place) },
  { weight: 1, arbitrary: joined(text, comparing, text) },
);

export const marker: fc.Arbitrary<string> = fc.letrec<{ readonly node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison,
    joined(tie('node'), pick(' and ', ' or '), tie('node')),
    tie('node').map((inner) => `(${inner})`),
  ),
})).node;

export const requirement = withSlips(
  joined(
    packageName,
    maybe(pick('[opt]', '[a,B_c]', ' [ x ]', '[]', '[a,]')),
    fc.oneof(
      specifiers,
      specifiers.map((conditions) => ` (${conditions})`),
      pick(' @ https://example.org/torch.whl', ' @ file:///tmp/x.whl', '@https://example.org/a ', ' @ nothing'),
    ),
    maybe(joined(pick(';', ' ; ', '; '), marker)),
  ),
);

const headerLine = fc.oneof(
  joined(
    pick('Name', 'Version', 'Requires-Dist', 'X', 'summary', 'Description', 'a b', ''),
    pick(':', ': ', ' : ', ':\t', ''),
    fc.string({ maxLength: 12 }),
  ),
  joined(pick(' ', '\t', '        |'), fc.string({ maxLength: 12 })),
  fc.string({ maxLength: 12 }),
  pick('', 'Name: é', 'Summary: 火'),
);

export const headerText = fc
  .tuple(fc.array(headerLine, { maxLength: 12 }), pick('\n', '\n', '\r\n', '\r'), fc.boolean())
  .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ''));
