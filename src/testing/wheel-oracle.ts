import { spawn } from 'node:child_process';
import { DEBIAN_PYTHON } from './debian-tools.ts';

/**
 * What Debian's python3-packaging and Python's own mail parser say of many inputs at once: one JSON document in, one out. Nothing of theirs is in
 * the product; it is what the product is compared with.
 */
const PROGRAM = `
import json, sys, email.parser, email.policy
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import parse_tag
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

ENVIRONMENTS = [
    {'python_version': v, 'python_full_version': v + '.1', 'os_name': o, 'sys_platform': s, 'platform_system': p, 'platform_machine': m,
     'platform_release': '6', 'platform_version': '1', 'platform_python_implementation': 'CPython', 'implementation_name': 'cpython',
     'implementation_version': v + '.1', 'extra': e}
    for v in ('3.9', '3.13') for (o, s, p) in (('posix', 'linux', 'Linux'), ('nt', 'win32', 'Windows')) for m in ('x86_64', 'arm64') for e in ('', 'opt')
]

def specifiers(item):
    found = SpecifierSet(item['text'])
    return [found.contains(version, prereleases=True) for version in item['versions']]

def file_name(item):
    name, version, build, tags = parse_wheel_filename(item['text'])
    return {'name': name, 'version': str(version), 'build': [str(part) for part in build], 'tags': sorted(str(tag) for tag in tags)}

def tag_set(item):
    return sorted(str(tag) for tag in parse_tag(item['text']))

def verdicts(marker):
    found = []
    for environment in ENVIRONMENTS:
        try:
            found.append(marker.evaluate(environment))
        except Exception as error:
            found.append(type(error).__name__)
    return found

def normal(one):
    if one.operator == '===':
        return one.operator + one.version
    prefix = one.version.endswith('.*')
    return one.operator + str(Version(one.version[:-2] if prefix else one.version)) + ('.*' if prefix else '')

def requirement(item):
    found = Requirement(item['text'])
    return {
        'name': canonicalize_name(found.name), 'extras': sorted({canonicalize_name(extra) for extra in found.extras}), 'url': found.url,
        'specifiers': sorted({normal(one) for one in found.specifier}),
        'marker': None if found.marker is None else verdicts(found.marker),
    }

def marker(item):
    return verdicts(Requirement('x; ' + item['text']).marker)

def headers(item):
    message = email.parser.HeaderParser(policy=email.policy.compat32).parsestr(item['text'])
    return {'fields': [[name, value] for name, value in message.items()], 'body': message.get_payload(), 'defects': [type(d).__name__ for d in message.defects]}

def name(item):
    return canonicalize_name(item['text'])

ASKED = {f.__name__: f for f in (specifiers, file_name, tag_set, requirement, marker, headers, name)}
answers = []
for item in json.load(sys.stdin):
    try:
        answers.append({'value': ASKED[item['ask']](item)})
    except Exception as error:
        answers.append({'refused': type(error).__name__})
json.dump(answers, sys.stdout)
`;

/** One question to the reference tools. */
export interface OracleQuestion {
  readonly ask: 'specifiers' | 'file_name' | 'tag_set' | 'requirement' | 'marker' | 'headers' | 'name';
  readonly text: string;
  readonly versions?: readonly string[];
}

/** Their answers in the order of the questions; `refused` holds the class of the error. */
export async function askOracle(
  questions: readonly OracleQuestion[],
): Promise<readonly { readonly value?: unknown; readonly refused?: string }[]> {
  const child = spawn(DEBIAN_PYTHON, ['-I', '-c', PROGRAM], {
    env: { LC_ALL: 'C.UTF-8' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(JSON.stringify(questions));
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`the oracle ended with ${String(code)}: ${Buffer.concat(err).toString()}`);
  const answers: unknown = JSON.parse(Buffer.concat(out).toString());
  if (!Array.isArray(answers)) throw new TypeError('the oracle did not answer with a list');
  return answers.map(answerOf);
}

function answerOf(answer: unknown): { readonly value?: unknown; readonly refused?: string } {
  if (typeof answer !== 'object' || answer === null) throw new TypeError('an answer of the oracle is no object');
  return 'refused' in answer ? { refused: String(answer.refused) } : 'value' in answer ? { value: answer.value } : {};
}
