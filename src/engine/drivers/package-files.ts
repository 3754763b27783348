import type { ReadBackStep, UploadFileStep, YankReleaseStep } from '../../domain/plan/step.ts';
import type { PackageFiles, PublishedFile } from '../../ports/package-files.ts';
import type { StepDriver, StepState } from '../driver.ts';

/** Faults named in one text. */
const MOST_TOLD = 5;

/**
 * Puts a file on a package index. What lies there under its name with its digest is adopted; anything else stops the plan, for good: no index gives a
 * name twice. The index may list a file a moment after it took it, so that an accepted answer counts for the rest of this carrying-out; whether
 * everybody can see it is what the step that reads back insists on.
 */
export function uploadFileDriver(packages: PackageFiles): StepDriver<UploadFileStep> {
  let accepted = false;
  return {
    async observe(step) {
      const files = await packages.look(step.to, { project: step.project, version: step.version });
      const found = files.find(({ name }) => name === step.file);
      if (found !== undefined) return uploadedState(step, found);
      const yanked = files.find((file) => file.yanked !== null);
      if (yanked !== undefined) return { is: 'other', text: yankedMidway(step, yanked) };
      if (accepted) return present(step, 'accepted, not listed yet');
      return {
        is: 'absent',
        gone: `the index took it and does not list it. If that was only minutes ago, apply again in a while; otherwise somebody deleted it, and its name can never be used again`,
      };
    },
    async act(step) {
      const file = { name: step.file, size: step.size, digest: step.digest, from: step.from };
      const answer = await packages.upload(step.to, { project: step.project, version: step.version }, file);
      if (!answer.accepted) return { acted: false, reason: answer.reason };
      accepted = true;
      return { acted: true, handle: handleOf(step, 'accepted') };
    },
    reverse() {
      // A file can be deleted, its name is used all the same. Yanking is a plan of its own.
      return null;
    },
  };
}

function handleOf(step: UploadFileStep, seen: string): { readonly [key: string]: string } {
  return { file: step.file, digest: step.digest, seen };
}

function present(step: UploadFileStep, seen: string): StepState {
  return { is: 'present', handle: handleOf(step, seen), text: `${step.file}, ${seen}` };
}

/** An index takes files for a version that is yanked, and lists them as good ones: what was taken out of use would come back by halves. */
function yankedMidway(step: UploadFileStep, { yanked }: PublishedFile): string {
  const why = yanked === null || yanked === '' ? 'no reason is told' : `"${yanked}"`;
  return `${step.project} ${step.version} was yanked on the index since this plan was made (${why}): nothing is added to what was taken out of use. Find out who yanked it; then release another version, or have it un-yanked and apply again`;
}

function uploadedState(step: UploadFileStep, found: PublishedFile): StepState {
  if (found.digest === step.digest) return present(step, 'listed');
  const version = `${step.project} ${step.version}`;
  if (found.digest === null) {
    return {
      is: 'other',
      text: `the index has ${step.file} and does not tell its digest, so that nobody can say whether it is the planned one. Compare it by hand`,
    };
  }
  return {
    is: 'other',
    text: `the index has ${step.file} with ${found.digest}; planned is ${step.digest}. That name can never be used again: this file cannot be published as ${version}. Find out who uploaded it`,
  };
}

/** Yanks every file of a version. Where the index lets no program do it, the step stops with how a person does, and is done once that is seen. */
export function yankReleaseDriver(packages: PackageFiles): StepDriver<YankReleaseStep> {
  return {
    async observe(step) {
      const files = await packages.look(step.to, step);
      if (files.length === 0) {
        return {
          is: 'other',
          text: `the index has no file of ${step.project} ${step.version}: there is nothing to yank`,
        };
      }
      if (files.some(({ yanked }) => yanked === null)) return { is: 'absent' };
      const handle = { project: step.project, version: step.version, files: String(files.length) };
      return { is: 'present', handle, text: `${step.project} ${step.version} is yanked` };
    },
    async act(step) {
      const answer = await packages.yank(step.to, { project: step.project, version: step.version }, step.reason);
      if (!answer.accepted) return { acted: false, reason: answer.reason };
      return { acted: true, handle: { project: step.project, version: step.version } };
    },
    reverse() {
      // What is yanked stays so until a person decides otherwise, for a reason of its own.
      return null;
    },
  };
}

/** A plan reads back from an index without saying which version of which project. */
class NoReleaseError extends Error {
  constructor(step: ReadBackStep) {
    super(`step ${step.key} reads back from a package index, and names no version of a project: make the plan again`);
    this.name = 'NoReleaseError';
  }
}

/** Reads back from a package index: each file listed as installers see it, with its size and digest, none of them yanked. */
export function readIndexBackDriver(packages: PackageFiles): StepDriver<ReadBackStep> {
  const compare = async (step: ReadBackStep) => {
    if (step.release === null) throw new NoReleaseError(step);
    const found = await packages.look({ channel: step.channel, place: step.place }, step.release);
    return compareFiles(step, found);
  };
  return {
    async observe(step) {
      const { other, missing } = await compare(step);
      if (other.length > 0) return { is: 'other', text: told(other) };
      if (missing.length > 0) return { is: 'absent' };
      const count = `${step.files.length} ${step.files.length === 1 ? 'file' : 'files'}`;
      return { is: 'present', handle: { files: String(step.files.length) }, text: `${count} read back` };
    },
    async act(step) {
      const { other, missing } = await compare(step);
      const all = [...other, ...missing];
      if (all.length === 0) return { acted: true, handle: { files: String(step.files.length) } };
      return { acted: false, reason: `${told(all)}. Apply again once the index shows it` };
    },
    reverse() {
      return null;
    },
  };
}

interface Compared {
  /** What no waiting mends. */
  readonly other: readonly string[];
  readonly missing: readonly string[];
}

function compareFiles(step: ReadBackStep, found: readonly PublishedFile[]): Compared {
  const other: string[] = [];
  const missing: string[] = [];
  for (const wanted of step.files) {
    const name = wanted.key.slice(wanted.key.lastIndexOf('/') + 1);
    const file = found.find((each) => each.name === name);
    if (file === undefined || !file.listed) missing.push(`${name} is not listed`);
    else if (file.digest !== wanted.digest)
      other.push(`${name} has ${file.digest ?? 'no digest'}, not ${wanted.digest}`);
    else if (file.size !== null && file.size !== wanted.size) {
      other.push(`${name} is said to have ${file.size} bytes, not ${wanted.size}`);
    } else if (file.yanked !== null)
      other.push(`${name} is yanked (${file.yanked === '' ? 'no reason' : file.yanked})`);
  }
  return { other, missing };
}

function told(texts: readonly string[]): string {
  const more = texts.length - MOST_TOLD;
  return `${texts.slice(0, MOST_TOLD).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
