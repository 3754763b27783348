export { completeGateId, decideComplete } from './decide.ts';
export type { ArtifactFacts, FoundFile } from './facts.ts';
export { judgeRepo, type CellState, type JudgedRepo, type RecordedBefore } from './match.ts';
export { type ArtifactPlace, readArtifacts } from './read.ts';
export { decideManifest, explainRecord, type ManifestDecision, type RecordProblem } from './record.ts';
export { doubtOf, filesThere, onlyEarlier } from './there.ts';
