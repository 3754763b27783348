import { isOpen, withWaiver, type Gate, type Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import { askGatesBefore, type AskHolds } from '../domain/train/asks.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { foldWaivers } from '../engine/fold.ts';
import { decidePeople, decideSupportPolicy } from '../process/01-plan/index.ts';
import {
  decideCoverage,
  decideReadiness,
  decideTriggers,
  readReadiness,
  readTriggers,
} from '../process/02-prepare/index.ts';
import { decideCoreStaged, readCoreStaged } from '../process/03-cut/index.ts';
import { decideReleaseOnlyGates, readReleaseOnly } from '../process/04-release-only/index.ts';
import { decideCandidateGates, readCandidate } from '../process/05-candidate/index.ts';
import type { App } from './app.ts';
import { judgeGetStarted } from './announce/judge-get-started.ts';
