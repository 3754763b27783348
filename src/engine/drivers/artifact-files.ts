import type { Digest } from '../../domain/canonical-json.ts';
import type {
  CopyFileStep,
  FileAt,
  ReadBackStep,
  RecordDigestStep,
  RemoveFileStep,
  ReversionFileStep,
} from '../../domain/plan/step.ts';
import type { ArtifactFiles, FileAnswer, FileFacts, FoundFile } from '../../ports/artifact-files.ts';
import type { ActAnswer, StepDriver, StepState } from '../driver.ts';

/** Problems of a reading that are told one by one; the others are counted. */
const TOLD = 5;

/** Copies one file to another place. What lies there already with the planned digest is taken for done. */
export function copyFileDriver(files: ArtifactFiles): StepDriver<CopyFileStep> {
  return {
    observe: (step) => stateOf(files, step),
    act: async (step, made) => {
      const { size, digest, before } = step;
      const wanted = { size, digest, before, ...(made === undefined ? {} : { made }) };
      return answerOf(step, await files.copy(step.from, step.to, wanted));
    },
    reverse: (step) => removalOf(step, `copy it again from ${nameOf(step.from)}`),
  };
}

/** Makes a wheel of another version. */
export function reversionFileDriver(files: ArtifactFiles): StepDriver<ReversionFileStep> {
  return {
    observe: (step) => stateOf(files, step),
    act: async (step) => {
      const { from, source, to, size, digest, before, order } = step;
      return answerOf(step, await files.reversion({ ...from, is: source }, to, { size, digest, before, order }));
    },
    reverse: (step) => removalOf(step, `make it again from ${nameOf(step.from)}`),
  };
}

/** Takes a file away. One that is gone is what was wanted; another one in its place is not touched. */
export function removeFileDriver(files: ArtifactFiles): StepDriver<RemoveFileStep> {
  return {
    observe: async (step) => {
      const found = await known(files, step.at, step);
      if (found === null) return gone(step);
      if (isIt(found, step)) return { is: 'absent' };
      return {
        is: 'other',
        text: `${nameOf(step.at)} is another file than the one to take away: ${otherThan(found, step)}. It stays; find out who put it there`,
      };
    },
    act: async (step) => {
      const { reason } = await files.remove(step.at, step);
      return reason === null
        ? { acted: true, handle: handleOf(step, step.at), after: gone(step) }
        : { acted: false, reason };
    },
    reverse: () => null,
  };
}

/** Records the digest of a file with it. Not taken back: a true record harms nobody. */
export function recordDigestDriver(files: ArtifactFiles): StepDriver<RecordDigestStep> {
  return {
    observe: async (step) => {
      const found = await files.look(step.at);
      if (found === null) {
        return { is: 'other', text: `${nameOf(step.at)} is not there any more. Put it back, or plan again` };
      }
      if (isIt(found, step)) return present(step, step.at);
      // Its bytes are read by whoever records them.
      if (found.size === step.size && found.digest === null) return { is: 'absent' };
      return {
        is: 'other',
        text: `${nameOf(step.at)} is another file than planned: ${otherThan(found, step)}. Plan again`,
      };
    },
    act: async (step) => answerAt(step, step.at, await files.recordDigest(step.at, step)),
    reverse: () => null,
  };
}

/** Reads files as everybody reads them. There is nothing to do about what is not so: the plan waits, and is applied again. */
export function readBackFilesDriver(files: ArtifactFiles): StepDriver<ReadBackStep> {
  const read = async (step: ReadBackStep): Promise<StepState> => {
    const problems = await files.readBack(step, step.files);
    const count = `${step.files.length} ${step.files.length === 1 ? 'file' : 'files'}`;
    if (problems.length === 0) {
      const text = `${count} of ${step.channel} read back`;
      return { is: 'present', handle: { files: String(step.files.length) }, text };
    }
    const more = problems.length > TOLD ? `; and ${problems.length - TOLD} more` : '';
    return {
      is: 'other',
      text: `${step.channel} is not yet as planned: ${problems.slice(0, TOLD).join('; ')}${more}. When it is (a cache may need its time), apply again`,
    };
  };
  return {
    observe: read,
    act: async (step) => {
      const after = await read(step);
      if (after.is === 'present') return { acted: true, handle: after.handle, after };
      return { acted: false, reason: after.is === 'other' ? after.text : `${step.channel} could not be read back` };
    },
    reverse: () => null,
  };
}

function gone(step: RemoveFileStep): StepState {
  return { is: 'present', handle: handleOf(step, step.at), text: `${nameOf(step.at)} is gone` };
}

type FileStep = CopyFileStep | ReversionFileStep;

/** The file with a digest: of its bytes where none is recorded and it could be one of those it is held against. */
async function known(
  files: ArtifactFiles,
  at: FileAt,
  is: FileFacts,
  before: Digest | null = null,
): Promise<FoundFile | null> {
  const found = await files.look(at);
  if (found === null || found.digest !== null) return found;
  return found.size === is.size || before !== null ? { ...found, digest: await files.read(at) } : found;
}

function isIt(found: FoundFile, is: FileFacts): boolean {
  return found.size === is.size && found.digest === is.digest;
}

async function stateOf(files: ArtifactFiles, step: FileStep): Promise<StepState> {
  const found = await known(files, step.to, step, step.before);
  if (found === null) return { is: 'absent' };
  if (isIt(found, step)) return present(step, step.to);
  if (step.before !== null && found.digest === step.before) return { is: 'absent' };
  return {
    is: 'other',
    text: `another file lies at ${nameOf(step.to)}: ${otherThan(found, step)}. Nothing is written over it: find out who put it there, then plan again`,
  };
}

function present(is: FileFacts, at: FileAt): StepState {
  return { is: 'present', handle: handleOf(is, at), text: nameOf(at) };
}

function answerOf(step: FileStep, answer: FileAnswer): ActAnswer {
  return answerAt(step, step.to, answer);
}

/** What the adapter saw afterwards is the look after acting; where it saw something else, the engine looks itself. */
function answerAt(is: FileFacts, at: FileAt, answer: FileAnswer): ActAnswer {
  if (!answer.done) return { acted: false, reason: answer.reason };
  const handle = handleOf(is, at);
  return isIt(answer.found, is) ? { acted: true, handle, after: present(is, at) } : { acted: true, handle };
}

function removalOf(step: FileStep, undo: string): RemoveFileStep | null {
  // What was written over cannot be made again from here.
  if (step.before !== null) return null;
  const { repo, wave, to, size, digest } = step;
  // Somebody may have read it in between.
  return { kind: 'remove-file', key: `undo:${step.key}`, wave, reversible: 'partly', undo, repo, at: to, size, digest };
}

function handleOf({ digest }: FileFacts, { channel, key }: FileAt): Record<string, string> {
  return { channel, key, digest };
}

function nameOf({ key, channel }: FileAt): string {
  return `${key} in ${channel}`;
}

function otherThan(found: FoundFile, is: FileFacts): string {
  const has = `${found.size} bytes, ${found.digest ?? 'no digest recorded'}`;
  return `it has ${has}, and ${is.size} bytes, ${is.digest} was planned`;
}
