import { z } from 'zod';
import { CellKey } from './artifact.ts';
import { Digest } from './canonical-json.ts';
import { GateId } from './gate.ts';
import { Manifest } from './manifest.ts';
import { CandidateVersion, ReleaseVersion } from './version.ts';

const Reason = z.string().min(1).max(4000);

/** What was decided or proved about a candidate's files. */
export const ARTIFACT_EVENTS = [
  /** These files are the candidate, from now on. A second one for the same candidate counts instead of the first. */
  z.strictObject({
    type: z.literal('manifest-recorded'),
    release: ReleaseVersion,
    candidate: CandidateVersion,
    digest: Digest,
    manifest: Manifest,
    /** Whether the digests are what the channel says, or every byte was read for them. */
    proof: z.enum(['told', 'read']),
    /** Why an earlier record of the candidate was replaced; empty for the first. */
    reason: z.string().max(4000),
  }),
  /** Something was proved of the files of a manifest: void for those that another manifest of the candidate changes. */
  z.strictObject({
    type: z.literal('evidence-recorded'),
    release: ReleaseVersion,
    candidate: CandidateVersion,
    gate: GateId,
    manifest: Digest,
    cells: z.array(CellKey).min(1),
    text: Reason,
  }),
] as const;
