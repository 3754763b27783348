import type { Digest } from '../domain/canonical-json.ts';
import {
  CopyFileStep,
  FileAt,
  ReadBackStep,
  RecordDigestStep,
  ReversionFileStep,
  type RemoveFileStep,
} from '../domain/plan/step.ts';
import type { FileFacts } from '../ports/artifact-files.ts';
import { sha256Of } from './memory-store.ts';

/** Steps on files of channels as plain data, for tests of what carries them out. */
export function fileAt(channel: string, key: string): FileAt {
  return FileAt.parse({ channel, place: 0, key });
}

/** What a file with this content is. */
export function factsOf(content: Uint8Array | string): FileFacts {
  return { size: Buffer.from(content).length, digest: sha256Of(content) };
}

/** Copies a file of `test` to the same key of `stable`. */
export function copyStep(key: string, is: FileFacts, more: Partial<CopyFileStep> = {}): CopyFileStep {
  return CopyFileStep.parse({
    kind: 'copy-file',
    key: `copy-file:stable:0:${key}`,
    wave: 0,
    reversible: 'partly',
    undo: 'take it away again',
    repo: 'core',
    from: fileAt('test', key),
    to: fileAt('stable', key),
    ...is,
    before: null,
    ...more,
  });
}

/** Makes of a wheel of `test` one without its local version, in `stable`. */
export function reversionStep(
  keys: { readonly from: string; readonly to: string },
  source: FileFacts,
  is: FileFacts,
  more: Partial<ReversionFileStep> = {},
): ReversionFileStep {
  return ReversionFileStep.parse({
    kind: 'reversion-file',
    key: `reversion-file:stable:0:${keys.to}`,
    wave: 0,
    reversible: 'partly',
    undo: 'take it away again',
    repo: 'core',
    from: fileAt('test', keys.from),
    source,
    to: fileAt('stable', keys.to),
    ...is,
    before: null,
    order: { local: null, siblings: [], dropClassifiers: [], dropSignatures: false },
    ...more,
  });
}

export function recordStep(key: string, is: FileFacts): RecordDigestStep {
  return RecordDigestStep.parse({
    kind: 'record-digest',
    key: `record-digest:stable:0:${key}`,
    wave: 0,
    reversible: 'yes',
    undo: 'none needed: a true record harms nobody',
    repo: 'core',
    at: fileAt('stable', key),
    ...is,
  });
}

export function removeStep(key: string, is: FileFacts): RemoveFileStep {
  return {
    kind: 'remove-file',
    key: `remove-file:stable:0:${key}`,
    wave: 0,
    reversible: 'partly',
    undo: 'copy it again',
    repo: copyStep(key, is).repo,
    at: fileAt('stable', key),
    ...is,
  };
}

/** Reads files of `stable` back. */
export function readBackStep(
  files: readonly { readonly key: string; readonly size: number; readonly digest: Digest }[],
  wave = 1,
): ReadBackStep {
  return ReadBackStep.parse({
    kind: 'read-back',
    key: 'read-back:stable:0',
    wave,
    reversible: 'yes',
    undo: 'nothing to take back: it only reads',
    repo: 'core',
    channel: 'stable',
    place: 0,
    of: 'object-store',
    release: null,
    files: [...files],
  });
}
