/** error: installers, indexes or people are misled. warning: it works, and somebody should know. */
export type Severity = 'error' | 'warning';

interface CheckRule {
  readonly severity: Severity;
  /** What holds where nothing is found, for lists of checks. */
  readonly title: string;
}

const error = (title: string): CheckRule => ({ severity: 'error', title });
const warning = (title: string): CheckRule => ({ severity: 'warning', title });

/** Every check of a wheel by its id. Ids are stable: they stand in answers, waivers and tests. */
export const CHECKS = {
  'file-name': error('the file name is that of a wheel'),
  'file-name-form': warning('the file name is in its normal form'),
  'dist-info': error('one dist-info folder, named for name and version'),
  'wheel-file': error('WHEEL is right'),
  'wheel-file-odd': warning('WHEEL has nothing odd'),
  metadata: error('METADATA is right'),
  'metadata-odd': warning('METADATA has nothing odd'),
  'name-differs': error('file name and METADATA name one package'),
  'version-differs': error('file name and METADATA name one version'),
  'tags-differ': error('file name and WHEEL have the same tags'),
  'build-differs': error('file name and WHEEL have the same build tag'),
  'tags-impossible': error('Python, ABI and platform tags go together'),
  'requires-python': error('Requires-Python takes the Python that the tags are for'),
  'requires-python-odd': warning('Requires-Python takes every Python that the tags name'),
  'record-missing': error('RECORD is there'),
  'record-line': error('every line of RECORD is right'),
  'record-unlisted': error('RECORD lists every file'),
  'record-surplus': error('every file that RECORD lists is there'),
  'record-twice': error('RECORD lists a file once'),
  'record-no-hash': error('RECORD has hash and size of every file'),
  'record-size': error('sizes in RECORD are right'),
  'record-hash': error('hashes in RECORD are right'),
  'record-not-checked': warning('every hash in RECORD was checked'),
  'entry-points': error('entry_points.txt is right'),
  'entry-point-target': warning('entry points name modules that the wheel has'),
  'binary-in-any': error('a wheel for every platform has no binaries'),
  purelib: warning('Root-Is-Purelib goes with the tags'),
  'data-folder': error('the data folder is named for name and version, and has known parts'),
  'top-level': error('only what belongs to the package lies at the top'),
  'top-level-odd': warning('nothing at the top is in the way of other packages'),
  'platform-policy': error('the platform is one that the train promises'),
  'platform-not-public': error('an index takes the platform tag'),
  'local-version': error('no local version on its way to an index without them'),
  accelerator: error('the content is for the accelerator that the name says'),
  classifier: error('the index knows every classifier'),
  'file-size': error('the file is below the limit'),
  'versions-disagree': error('wheels of one package have one version'),
  'requirements-disagree': error('wheels of one package have the same requirements'),
  'companion-version': error('packages of the train require each other at the versions of the train'),
} as const satisfies Readonly<Record<string, CheckRule>>;

export type CheckId = keyof typeof CHECKS;

/** Something that a check found. */
export interface Finding {
  readonly check: CheckId;
  readonly severity: Severity;
  /** The file it is about, by its name. */
  readonly wheel: string;
  /** The file in the wheel; null for the wheel itself. */
  readonly entry: string | null;
  readonly line: number | null;
  /** What is wrong with which thing, and what to do. */
  readonly text: string;
}

/** Where in a wheel something was found. */
export interface Place {
  readonly entry?: string | null;
  readonly line?: number | null;
}

/** A finding before it is known in which wheel. */
export type Found = Omit<Finding, 'wheel'>;

/** What is told may hold a name of a megabyte. */
const LONGEST = 1_000;

/** A finding with the severity of its check. */
export function found(check: CheckId, text: string, { entry = null, line = null }: Place = {}): Found {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 100)}...${text.slice(-90)}` : text;
  return { check, severity: CHECKS[check].severity, entry, line, text: short };
}

/** Of one check, more than these say nothing new. */
const MOST = 100;

/** At most so many of each check, and how many more there are. */
export function bounded(findings: readonly Found[]): readonly Found[] {
  const counts = new Map<CheckId, number>();
  for (const { check } of findings) counts.set(check, (counts.get(check) ?? 0) + 1);
  const shown = new Map<CheckId, number>();
  return findings.flatMap((finding) => {
    const number = (shown.get(finding.check) ?? 0) + 1;
    shown.set(finding.check, number);
    const total = counts.get(finding.check) ?? 0;
    if (number <= MOST || (number === MOST + 1 && total === number)) return [finding];
    if (number > MOST + 1) return [];
    return [{ ...finding, entry: null, line: null, text: `The same is so in ${total - MOST} more places.` }];
  });
}
