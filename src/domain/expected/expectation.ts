import type { Cell, CellKey } from '../artifact.ts';
import type { Pep440Version } from '../pep440.ts';
import type { ExcludedBuild } from '../train/support.ts';
import type { Line, ReleaseVersion } from '../version.ts';
import type { AcceleratorBuild, Stage } from './builds.ts';

/** A file that an expected cell becomes in a channel without local versions. */
export interface Published {
  readonly channel: string;
  readonly file: string;
  /** Bytes; null where the train says no limit. */
  readonly fileLimit: number | null;
  /** Bytes of all files of the package there. */
  readonly projectLimit: number | null;
}

/** One file that a release must have. */
export interface ExpectedCell {
  readonly key: CellKey;
  readonly cell: Cell;
  readonly stage: Stage;
  readonly version: Pep440Version;
  /** Null for a file that is not built per accelerator. */
  readonly accelerator: AcceleratorBuild | null;
  /** The name it should have; `*` stands for any text. */
  readonly file: string;
  /** Other names that are right too: a wheel may also have a build tag, and several of these tags at once. */
  readonly others: readonly string[];
  /** Where it lies in a channel, below the address of the place: cu126; empty for the place itself. */
  readonly folder: string;
  readonly publish: readonly Published[];
  /** Name of the job that builds it, `*` for any text; null where the train does not say. */
  readonly job: string | null;
  /** The same for any Python and accelerator: what the jobs of its like are called. */
  readonly jobFamily: string | null;
  /** Name of the job that tests it as a file of the candidate, `*` for any text; null where the train does not say. */
  readonly validation: string | null;
}

/** A cell that is not built by policy: skipped, never missing. */
export interface SkippedCell {
  readonly key: CellKey;
  readonly cell: Cell;
  readonly accelerator: AcceleratorBuild | null;
  readonly rule: ExcludedBuild;
}

/** All files that a release must have, and those it has not by policy; each cell once, in the order of the train file. */
export interface Expectation {
  readonly release: ReleaseVersion;
  readonly line: Line;
  readonly cells: readonly ExpectedCell[];
  readonly skipped: readonly SkippedCell[];
}
