import { z } from 'zod';
import { ArtifactKind, CellKey } from '../../domain/artifact.ts';
import { CellStateName } from '../../domain/cell-state.ts';
import { Verdict } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

const Place = {
  key: CellKey,
  package: z.string(),
  kind: ArtifactKind,
  platform: z.string().nullable(),
  accelerator: z.string().nullable(),
  python: z.string().nullable(),
  variant: z.string().nullable(),
};

/** One expected file as it stands. */
export const ArtifactCell = z.object({
  ...Place,
  experimental: z.boolean(),
  /** Its name, or the one it should have. */
  file: z.string(),
  state: CellStateName,
  size: z.int().nullable(),
  digest: z.string().nullable(),
  run: z.object({ job: z.string(), link: z.string().nullable() }).nullable(),
  /** Package indexes that it goes to, with their limit of bytes. */
  publish: z.array(z.object({ channel: z.string(), file: z.string(), limit: z.int().nullable() })),
});
export type ArtifactCell = z.infer<typeof ArtifactCell>;

/** One channel's place against the record of a candidate. */
const StagePlace = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    channel: z.string(),
    place: z.string(),
    at: Instant,
    equal: z.array(CellKey),
    absent: z.array(CellKey),
    differs: z.array(z.object({ cell: CellKey, why: z.string() })),
  }),
  z.object({ known: z.literal(false), place: z.string(), at: Instant, reason: z.string() }),
]);
export type StagePlace = z.infer<typeof StagePlace>;

/** The files of a release: cell by cell, by stage, and how their sizes went. */
export const ArtifactsView = z.object({
  release: ReleaseVersion,
  product: z.string(),
  /** Null while there is no candidate. */
  candidate: CandidateVersion.nullable(),
  candidates: z.array(CandidateVersion),
  /** `record`: an older candidate, as it was recorded. */
  from: z.enum(['channel', 'record']),
  channel: z.string(),
  recorded: z.object({ digest: z.string(), by: z.string(), at: Instant, proof: z.enum(['told', 'read']) }).nullable(),
  platforms: z.array(z.object({ name: z.string(), title: z.string() })),
  cells: z.array(ArtifactCell),
  skipped: z.array(z.object({ ...Place, reason: z.string() })),
  gates: z.array(
    z.object({
      id: z.string(),
      verdict: Verdict,
      summary: z.string(),
      evidence: z.array(z.string()),
      fix: z.string().nullable(),
    }),
  ),
  /** Largest file of each package by recorded candidate of the line; with the limit of the index its wheels go to. */
  sizes: z.array(
    z.object({
      package: z.string(),
      limit: z.object({ channel: z.string(), bytes: z.int() }).nullable(),
      points: z.array(z.object({ candidate: CandidateVersion, bytes: z.int() })),
    }),
  ),
  /** Null where nobody asked for it; `reason` where there is nothing to compare with. */
  stages: z.object({ places: z.array(StagePlace), reason: z.string().nullable() }).nullable(),
});
export type ArtifactsView = z.infer<typeof ArtifactsView>;
