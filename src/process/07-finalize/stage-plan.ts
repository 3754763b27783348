import type { Digest } from '../../domain/canonical-json.ts';
import { copyStep, placeText, type Edge } from '../../domain/edge.ts';
import type { Manifest } from '../../domain/manifest.ts';
import { sealPlan, type Plan } from '../../domain/plan/plan.ts';
import type { FileAt, ReversionFileStep } from '../../domain/plan/step.ts';
import type { Train } from '../../domain/train/train.ts';
import { tagOf } from '../../domain/version.ts';
import type { FileForIndex } from './staged-files.ts';

/** A file to stage: where its source lies, and what it becomes byte for byte. */
export interface FileToStage {
  readonly file: FileForIndex;
  readonly from: FileAt;
  readonly to: FileAt;
  /** Size and digest of the result. */
  readonly result: { readonly size: number; readonly digest: Digest };
  /** False: the source is right as it is, and is copied. */
  readonly changed: boolean;
  /** The digest of what lies there now and may be written over; null for nothing. */
  readonly before: Digest | null;
}

export interface StageOrder {
  readonly manifest: Manifest;
  readonly digest: Digest;
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  readonly order: ReversionFileStep['order'];
}

const UNDO = 'take the staged file away';

/** The plan that puts the wheels for the package index into staging, each with the digest that it will have there. */
export function stagePlan(files: readonly FileToStage[], stage: StageOrder): Plan {
  const { manifest, digest, train, trainDigest, author } = stage;
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: manifest.release,
    purpose: 'stage',
    title: `Stage ${tagOf(manifest.candidate)} for ${train.promotion.pypi ?? 'the index'}: ${files.length} ${files.length === 1 ? 'wheel' : 'wheels'}`,
    author,
    trainDigest,
    gates: [],
    assumes: [],
    phrase: null,
    manifest: digest,
    steps: files.map((each) => (each.changed ? reversionStep(each, stage) : unchangedStep(each))),
  });
}

function reversionStep({ file, from, to, result, before }: FileToStage, { order }: StageOrder): ReversionFileStep {
  const { size, digest, repo } = file.source;
  return {
    kind: 'reversion-file',
    key: `reversion-file:${placeText(to)}`,
    wave: 0,
    reversible: before === null ? 'yes' : 'partly',
    undo: before === null ? UNDO : 'none by itself: stage the earlier candidate again',
    repo,
    from,
    source: { size, digest },
    to,
    ...result,
    before,
    order,
  };
}

/** A wheel that names no accelerator is staged as it is (WHL-03). */
function unchangedStep({ file, from, to, result, before }: FileToStage): ReturnType<typeof copyStep> {
  const { cell, repo } = file.source;
  const edge: Edge = { cell, repo, ...result, from, to, write: 'append' };
  return copyStep({ edge, before }, { wave: 0, undo: UNDO, seen: false });
}
