import type { ObjectId } from '../../domain/git-names.ts';
import type { AttachFileStep, CloseStep, DraftReleaseStep, PublishReleaseStep } from '../../domain/plan/step.ts';
import { releaseMarker } from '../../domain/release-marker.ts';
import type { ArtifactFiles } from '../../ports/artifact-files.ts';
import type { ForgeRelease, ForgeReleases, ReleaseFile } from '../../ports/forge.ts';
import type { ActAnswer, StepDriver, StepState } from '../driver.ts';

type ReleaseStep = DraftReleaseStep | AttachFileStep | PublishReleaseStep;

function nameOf({ state, author, link }: ForgeRelease): string {
  return `${state === 'draft' ? 'a draft' : 'a release'} by ${author}, ${link}`;
}

type Found = { readonly is: 'ours'; readonly release: ForgeRelease } | { readonly is: 'none' } | Astray;
type Astray = Extract<StepState, { readonly is: 'other' }>;

/**
 * The release of the tag that carries our marker. One beside it would be published, or taken for the release, by whoever comes first: where there is
 * any other of the same tag, people decide.
 */
async function look(releases: ForgeReleases, { slug, tag }: ReleaseStep): Promise<Found> {
  const found = await releases.find(slug, tag);
  const [ours, ...more] = found.filter(({ body }) => body.includes(releaseMarker(tag)));
  const foreign = found.filter(({ body }) => !body.includes(releaseMarker(tag)));
  if (foreign.length > 0) {
    const which = foreign.map(nameOf).join('; ');
    return { is: 'other', text: `${slug} has ${which} of ${tag} that this plan did not make; delete it, then go on` };
  }
  if (more.length > 0) {
    const which = found.map(nameOf).join('; ');
    return {
      is: 'other',
      text: `${slug} has more than one release of ${tag}: ${which}; delete all but one, then go on`,
    };
  }
  return ours === undefined ? { is: 'none' } : { is: 'ours', release: ours };
}

function handleOf({ id, link }: ForgeRelease): Record<string, string> {
  return { number: String(id), link };
}

function markedBody({ tag, body }: DraftReleaseStep): string {
  return body.includes(releaseMarker(tag)) ? body : `${releaseMarker(tag)}\n${body}`;
}

/** Line ends and white space at the ends are a matter of taste, also of forges. */
function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

/** Drafts the release of a tag. A draft of ours is adopted when it says what was planned; a published one may have been edited since. */
export function draftReleaseDriver(releases: ForgeReleases): StepDriver<DraftReleaseStep> {
  return {
    async observe(step) {
      const found = await look(releases, step);
      if (found.is === 'none') return { is: 'absent' };
      if (found.is === 'other') return found;
      const { release } = found;
      const isPlanned = release.title === step.title && plain(release.body) === plain(markedBody(step));
      if (release.state === 'published' || isPlanned) {
        return { is: 'present', handle: handleOf(release), text: `release ${step.tag}, ${release.state}` };
      }
      const text = `the draft of ${step.tag} says something else than what was planned: ${release.link}; delete it, then go on`;
      return { is: 'other', text };
    },
    async act(step) {
      const { tag, commit, title } = step;
      const made = await releases.draft(step.slug, { tag, commit, title, body: markedBody(step) });
      return { acted: true, handle: handleOf(made) };
    },
    reverse(step, handle): CloseStep {
      const { wave, repo, slug, tag } = step;
      const number = Number(handle['number']);
      const about = { key: `undo:${step.key}`, wave, reversible: 'yes', undo: 'draft it again', repo, slug } as const;
      return { ...about, kind: 'close', what: 'release', number, title: tag };
    },
  };
}

function nothingToChange({ slug, tag }: ReleaseStep): Astray {
  return { is: 'other', text: `${slug} has no release of ${tag}: its draft was deleted, or never made` };
}

/** Where the forge tells no digest, the size decides: what was sent was held against the digest while it was. */
function isPlannedFile(file: ReleaseFile, { size, digest }: AttachFileStep): boolean {
  return file.size === size && (file.digest ?? digest) === digest;
}

interface Attaching {
  readonly release: ForgeRelease;
  /** What holds the name now. */
  readonly file: ReleaseFile | null;
}

function attachmentState({ release, file }: Attaching, step: AttachFileStep): StepState {
  const { name, size, digest, tag } = step;
  if (file?.whole === true) {
    if (isPlannedFile(file, step)) {
      const handle = { file: String(file.id), release: String(release.id), digest: file.digest ?? 'not told' };
      return { is: 'present', handle, text: `${name} at release ${tag}` };
    }
    const has = `${file.size} bytes${file.digest === null ? '' : ` and ${file.digest}`}`;
    const text = `${name} at release ${tag} has ${has}, planned are ${size} bytes and ${digest}: ${release.link}`;
    return { is: 'other', text };
  }
  if (release.state === 'draft') return { is: 'absent' };
  return { is: 'other', text: `release ${tag} was published without ${name}, and is not changed: ${release.link}` };
}

/** Attaches a file to the draft. What an upload left that broke off is taken away first; a release that was published is not changed. */
export function attachFileDriver(releases: ForgeReleases, files: ArtifactFiles): StepDriver<AttachFileStep> {
  const lookAt = async (step: AttachFileStep): Promise<Attaching | Astray> => {
    const found = await look(releases, step);
    if (found.is === 'none') return nothingToChange(step);
    if (found.is === 'other') return found;
    const all = await releases.files(step.slug, found.release.id);
    return { release: found.release, file: all.find(({ name }) => name === step.name) ?? null };
  };
  return {
    async observe(step) {
      const found = await lookAt(step);
      return 'is' in found ? found : attachmentState(found, step);
    },
    async act(step): Promise<ActAnswer> {
      const found = await lookAt(step);
      if ('is' in found) return { acted: false, reason: found.text };
      const state = attachmentState(found, step);
      if (state.is === 'other') return { acted: false, reason: state.text };
      if (state.is === 'present') return { acted: true, handle: state.handle };
      const { slug, name, size, digest, from } = step;
      if (found.file !== null) await releases.detach(slug, found.file.id);
      const bytes = await files.source(from);
      const made = await releases.attach(slug, found.release.id, { name, size, digest, bytes });
      return { acted: true, handle: { file: String(made.id), release: String(found.release.id) } };
    },
    reverse() {
      // It goes with the draft.
      return null;
    },
  };
}

/** What the files of a release lack of the planned ones, and have beyond them; empty when they are exactly those. */
function differences(files: readonly ReleaseFile[], planned: PublishReleaseStep['files']): readonly string[] {
  const names = new Set(planned.map(({ name }) => name));
  const lacking = planned.flatMap(({ name, size }) => {
    const file = files.find((each) => each.name === name);
    if (file === undefined) return [`${name} is missing`];
    if (!file.whole) return [`${name} is not whole`];
    return file.size === size ? [] : [`${name} has ${file.size} bytes, planned are ${size}`];
  });
  const surplus = files.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} was not planned`);
  return [...lacking, ...surplus];
}

function tagProblem({ slug, tag, commit }: PublishReleaseStep, at: ObjectId | null): string | null {
  if (at === commit) return null;
  const next = 'push the tag first; publishing without it would make one';
  if (at === null) return `${slug} has no tag ${tag}: ${next}`;
  return `tag ${tag} of ${slug} is on ${at}, and the release was planned for ${commit}`;
}

/** Publishes the draft, when its tag is on the planned commit and it has exactly the planned files. */
export function publishReleaseDriver(releases: ForgeReleases): StepDriver<PublishReleaseStep> {
  const stateOf = async (step: PublishReleaseStep, found: Found): Promise<StepState> => {
    if (found.is === 'none') return nothingToChange(step);
    if (found.is === 'other') return found;
    const { release } = found;
    const wrong = differences(await releases.files(step.slug, release.id), step.files);
    if (wrong.length > 0) {
      const text = `release ${step.tag} (${release.state}) has not the planned files: ${wrong.join('; ')}: ${release.link}`;
      return { is: 'other', text };
    }
    const problem = tagProblem(step, await releases.tagAt(step.slug, step.tag));
    if (problem !== null) return { is: 'other', text: problem };
    if (release.state === 'draft') return { is: 'absent' };
    return { is: 'present', handle: handleOf(release), text: `release ${step.tag}, published` };
  };
  return {
    observe: async (step) => stateOf(step, await look(releases, step)),
    async act(step): Promise<ActAnswer> {
      // Looked at once more, right before what cannot be taken back.
      const found = await look(releases, step);
      const state = await stateOf(step, found);
      if (state.is === 'present') return { acted: true, handle: state.handle };
      if (state.is === 'other') return { acted: false, reason: state.text };
      if (found.is !== 'ours') return { acted: false, reason: nothingToChange(step).text };
      const { commit, latest } = step;
      const published = await releases.publish(step.slug, found.release.id, { commit, latest });
      return { acted: true, handle: handleOf(published) };
    },
    reverse() {
      return null;
    },
  };
}

/** How a draft that is to be deleted stands: gone is done, published is not to be deleted. */
export async function observeDiscard(releases: ForgeReleases, step: CloseStep): Promise<StepState> {
  const found = (await releases.find(step.slug, step.title)).find(({ id }) => id === step.number);
  if (found === undefined) {
    return { is: 'present', handle: { number: String(step.number) }, text: `draft of ${step.title} deleted` };
  }
  if (found.state === 'draft') return { is: 'absent' };
  return { is: 'other', text: `release ${step.title} was published meanwhile, and stays: ${found.link}` };
}
