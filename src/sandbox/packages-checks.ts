import { clean, explain } from '@renovatebot/pep440';
import { normalName } from './packages-state.ts';

/** A refusal with the status and words of the index; they stand beside the status as well as on the page. */
export class IndexRefusal extends Error {
  override readonly name = 'IndexRefusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const no = (message: string) => new IndexRefusal(400, message);

type Fields = ReadonlyMap<string, readonly string[]>;

const METADATA_VERSIONS = ['1.0', '1.1', '1.2', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5'];
const SINGLE = [
  'name',
  'version',
  'metadata_version',
  'filetype',
  'pyversion',
  'summary',
  'requires_python',
  'sha256_digest',
];
/** First words of classifiers that the index knows; `Private ::` never is one of them. */
const GROUPS =
  /^(?:Development Status|Environment|Framework|Intended Audience|License|Natural Language|Operating System|Programming Language|Topic|Typing) :: \S/u;

/** What an upload says of itself, once it is found to be in order. */
export interface CheckedFields {
  readonly name: string;
  readonly normal: string;
  readonly version: string;
  readonly filetype: string;
  readonly pyversion: string;
  readonly summary: string;
  readonly classifiers: readonly string[];
  readonly requiresDist: readonly string[];
  readonly requiresPython: string | null;
  readonly digests: { readonly sha256: string | null; readonly md5: string | null; readonly blake2: string | null };
  readonly attestations: readonly unknown[];
}

/** Holds the fields of an upload against the rules of the index, in its order. Throws `IndexRefusal`. */
export function checkFields(
  fields: Fields,
  known: readonly string[] | null,
  help: (anchor: string) => string,
): CheckedFields {
  const first = (name: string): string => (fields.get(name)?.[0] ?? '').trim();
  for (const name of SINGLE) if ((fields.get(name)?.length ?? 0) > 1) throw no(`'${name}' has more than one value`);
  if (first(':action') !== 'file_upload') throw new IndexRefusal(404, 'Not Found');
  if (!['', '1'].includes(first('protocol_version'))) throw no('Unknown protocol version.');
  const metadata = help('core-metadata');
  const see = `See ${metadata} for more information.`;
  if (!METADATA_VERSIONS.includes(first('metadata_version'))) {
    throw no(`'${shown(first('metadata_version'))}' is not a valid metadata version. ${see}`);
  }
  const [name, version] = [first('name'), first('version')];
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,198}[a-z0-9])?$/iu.test(name))
    throw no(`'${shown(name)}' is invalid for 'name'. ${see}`);
  const parsed = version.length > 200 ? null : explain(version);
  const normal = clean(version);
  if (parsed === null || normal === null) throw no(`'${shown(version)}' is invalid for 'version'. ${see}`);
  if (version.includes('+')) throw no(`The use of local versions in '${shown(version)}' is not allowed. ${see}`);
  const summary = first('summary');
  if (summary.length > 512) throw no(`'summary' field must be 512 characters or less. ${see}`);
  if (summary.includes('\n')) throw no(`'summary' must be a single line. ${see}`);
  const classifiers = all(fields, 'classifiers');
  const unknown = classifiers.find((each) => (known === null ? !GROUPS.test(each) : !known.includes(each)));
  if (unknown !== undefined) throw no(`'${shown(unknown)}' is not a valid classifier. ${see}`);
  const requiresDist = all(fields, 'requires_dist');
  const direct = requiresDist.find((each) => /^[^;]*@/u.test(each));
  if (direct !== undefined) throw no(`Can't have direct dependency: ${shown(direct)}. ${see}`);
  const requiresPython = first('requires_python');
  if (requiresPython !== '' && !/^[\s\d.,<>=!~*a-z]+$/iu.test(requiresPython)) {
    throw no(`'${shown(requiresPython)}' is invalid for 'requires-python'. ${see}`);
  }
  return {
    name,
    normal: normalName(name),
    version: normal,
    ...fileTypeOf(first('filetype'), first('pyversion')),
    summary,
    classifiers,
    requiresDist,
    requiresPython: requiresPython === '' ? null : requiresPython,
    digests: digestsIn(first),
    attestations: attestationsIn(first('attestations')),
  };
}

function fileTypeOf(filetype: string, pyversion: string) {
  if (!['bdist_wheel', 'sdist'].includes(filetype))
    throw no('Invalid value for filetype. Error: Use a known file type.');
  if (filetype === 'bdist_wheel' && pyversion === '') {
    throw no('Error: Python version is required for binary distribution uploads.');
  }
  if (filetype === 'sdist' && !['', 'source'].includes(pyversion)) {
    throw no("Error: Use 'source' as Python version for an sdist.");
  }
  return { filetype, pyversion: filetype === 'sdist' ? 'source' : pyversion };
}

function digestsIn(first: (name: string) => string): CheckedFields['digests'] {
  const digest = (name: string, shape: RegExp, title: string): string | null => {
    const value = first(name);
    if (value === '') return null;
    if (!shape.test(value))
      throw no(`Invalid value for ${name}. Error: Use a valid, hex-encoded, ${title} message digest.`);
    return value.toLowerCase();
  };
  const sha256 = digest('sha256_digest', /^[\da-f]{64}$/iu, 'SHA256');
  const blake2 = digest('blake2_256_digest', /^[\da-f]{64}$/iu, 'BLAKE2');
  const md5 = digest('md5_digest', /^[\da-f]{32}$/iu, 'MD5');
  if (sha256 === null && blake2 === null && md5 === null) throw no('Error: Include at least one message digest.');
  return { sha256, md5, blake2 };
}

function attestationsIn(text: string): readonly unknown[] {
  if (text === '') return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw no('Error while decoding the included attestation: it is no list of attestations');
}

function all(fields: Fields, name: string): readonly string[] {
  return (fields.get(name) ?? []).map((each) => each.trim()).filter((each) => each !== '');
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Platforms whose wheels run on more than the machine that built them. */
const PLATFORMS =
  /^(?:any|win32|win_amd64|win_arm64|macosx_\d+_\d+_\w+|manylinux(?:1|2010|2014)_\w+|manylinux_\d+_\d+_\w+|musllinux_\d+_\d+_\w+|linux_armv[67]l|ios_\w+|android_\w+)$/u;

/** Holds the name of the file against what was said of it. Throws `IndexRefusal`. */
export function checkFileName(fileName: string, { name, normal, version, filetype }: CheckedFields): void {
  if (/[/\\]/u.test(fileName)) throw no("Cannot upload a file with '/' or '\\' in the name.");
  if (!/^[\w.+-]{1,400}$/u.test(fileName)) throw no(`Invalid file name '${shown(fileName)}'.`);
  const stem = /^(?<stem>.+)\.(?<end>whl|tar\.gz|zip)$/u.exec(fileName)?.groups;
  const isWheel = stem?.['end'] === 'whl';
  if (stem === undefined || isWheel !== (filetype === 'bdist_wheel')) {
    throw no('Invalid file extension: Use .tar.gz, .whl or .zip extension. (See PEP 527)');
  }
  const parts = (stem['stem'] ?? '').split('-');
  const [saysName = '', saysVersion = ''] = isWheel ? parts : [parts.slice(0, -1).join('-'), parts.at(-1)];
  if (isWheel && ![5, 6].includes(parts.length)) {
    throw no(`Invalid wheel filename (wrong number of parts): '${fileName.slice(0, -4)}'`);
  }
  if (normalName(saysName) !== normal) throw no(`Start filename for '${name}' with '${normal.replaceAll('-', '_')}'.`);
  if (clean(saysVersion.replaceAll('_', '-')) !== version) {
    throw no(`Version in filename should be '${version}' not '${saysVersion}'.`);
  }
  const platforms = isWheel ? (parts.at(-1) ?? '').split('.') : [];
  const unknown = platforms.find((platform) => !PLATFORMS.test(platform));
  if (unknown !== undefined) throw no(`Binary wheel '${fileName}' has an unsupported platform tag '${unknown}'.`);
}

/** What an attestation says that it is of (the signature is not looked at here): the file of this name with this digest, or it is refused. */
export function checkAttestations(attestations: readonly unknown[], fileName: string, sha256: string): void {
  for (const each of attestations) {
    const problem = attestationProblem(each, fileName, sha256);
    if (problem !== null) throw no(`Invalid attestations supplied during upload: ${problem}`);
  }
}

function attestationProblem(value: unknown, fileName: string, sha256: string): string | null {
  const attestation: unknown = value;
  const statement = statementIn(attestation);
  if (statement === null) return 'malformed attestation';
  const text = JSON.stringify(statement);
  if (!text.includes(JSON.stringify(fileName))) return 'subject does not match distribution name';
  return text.includes(`"sha256":"${sha256}"`) ? null : 'subject does not match distribution digest';
}

function statementIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return null;
  if (!('envelope' in value) || typeof value.envelope !== 'object' || value.envelope === null) return null;
  if (!('statement' in value.envelope) || typeof value.envelope.statement !== 'string') return null;
  try {
    const statement: unknown = JSON.parse(Buffer.from(value.envelope.statement, 'base64').toString('utf8'));
    return statement;
  } catch {
    // No JSON: malformed.
    return null;
  }
}
