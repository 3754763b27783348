import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Evidence, type Observed } from '../../../domain/observation.ts';
import type { DocsEntry } from '../../../domain/train/evidence.ts';
import { fillText } from '../../../domain/train/naming.ts';
import { holdsFor } from '../../../domain/train/span.ts';
import type { Train } from '../../../domain/train/train.ts';
import { lineOf, type ReleaseVersion } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';
import type { Forge, ForgeFile } from '../../../ports/forge.ts';

/** One file that the entry of a release must have, with its texts filled in. */
interface DocsFile {
  readonly path: string;
  readonly contains: readonly string[];
  /** Null where it is not there. */
  readonly found: ForgeFile | null;
}

export interface DocsFacts {
  readonly release: ReleaseVersion;
  readonly entry: DocsEntry;
  readonly files: Observed<readonly DocsFile[]>;
}

interface DocsPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly forge: Forge | null;
  readonly now: Instant;
}

/** Reads the files of the release's documentation, one by one, without fetching its repository; null where the train does not say where it lies. */
export async function readDocs({ train, release, forge, now }: DocsPorts): Promise<DocsFacts | null> {
  const { docs: entry } = train;
  if (entry === undefined) return null;
  const slug = train.repos[entry.repo]?.slug;
  if (slug === undefined) {
    const why = `the train file has no repository ${entry.repo} with a slug on a forge`;
    return { release, entry, files: unknown(why, now, 'train file') };
  }
  if (forge === null) {
    const why = 'no forge to ask: the train file names none, or nobody is signed in there';
    return { release, entry, files: unknown(why, now, `forge ${slug}`) };
  }
  const line = lineOf(release);
  const wanted = entry.files
    .filter((file) => holdsFor(file, line))
    .map(({ path, contains }) => ({
      path: fillText(path, { release }),
      contains: contains.map((text) => fillText(text, { release })),
    }));
  const files = await observe(`forge ${slug}`, now, () =>
    Promise.all(
      wanted.map(async ({ path, contains }): Promise<DocsFile> => {
        return { path, contains, found: await forge.repos.file(slug, { branch: entry.branch, path }) };
      }),
    ),
  );
  return { release, entry, files };
}

const ID = GateId.parse('docs-built');

/** The gate `docs-built`: the documentation's repository has the entry of this release, with what it must hold. Seed: "Release Candidate health validation". */
export function decideDocs(
  { release, entry, files }: DocsFacts,
  { train, waivers, now }: { readonly train: Train; readonly waivers: readonly Waiver[]; readonly now: Instant },
): Gate {
  const owners = [...(train.repos[entry.repo]?.owners ?? []), ...train.roles['release-manager']];
  const gate = emptyGate(ID, [...new Set(owners)]);
  return withWaiver({ ...gate, ...judged(release, entry, files) }, waivers, now);
}

function judged(release: ReleaseVersion, { repo, branch }: DocsEntry, files: DocsFacts['files']): Partial<Gate> {
  const rerun = `signalbox gate run ${release} ${ID}`;
  const { at, source } = files;
  if (!files.known) {
    const evidence = [{ text: files.reason, source, at }];
    return { summary: `could not be read: ${files.reason}`, evidence, fix: `make it readable, then ${rerun}` };
  }
  const where = `${repo} ${branch}`;
  if (files.value.length === 0)
    return { verdict: 'skipped', summary: `the train names no file of ${where} for ${release}` };
  const line = (text: string, link: string | null): Evidence => ({
    text,
    ...(link === null ? {} : { link }),
    source,
    at,
  });
  const faults = files.value.flatMap(faultsOf);
  const evidence = [
    ...faults.map(({ text, link }) => line(text, link)),
    ...files.value.flatMap(({ path, found }) => (found === null ? [] : [line(`${path} is there`, found.link)])),
  ];
  const [first] = faults;
  if (first !== undefined) {
    const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more`;
    const fix = `have the documentation of ${release} built into ${where}; then ${rerun}`;
    return { verdict: 'failing', summary: `${where}: ${first.text}${more}`, evidence, fix };
  }
  return {
    verdict: 'pass',
    summary: `${where} has the entry of ${release}: ${many(files.value.length, 'file')}`,
    evidence,
  };
}

function faultsOf({
  path,
  contains,
  found,
}: DocsFile): readonly { readonly text: string; readonly link: string | null }[] {
  if (found === null) return [{ text: `there is no ${path}`, link: null }];
  const { text, link } = found;
  if (text === null)
    return contains.length === 0 ? [] : [{ text: `${path} cannot be read as text of at most 1 MiB`, link }];
  return contains
    .filter((wanted) => !text.includes(wanted))
    .map((wanted) => ({ text: `${path} does not have "${wanted}"`, link }));
}
