import { familyOfGate } from '../domain/gate-families.ts';
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
import { decideCoreStaged } from '../process/03-cut/index.ts';
import { decideReleaseOnlyGates, readReleaseOnly } from '../process/04-release-only/index.ts';
import { decideCandidateGates, readCandidate } from '../process/05-candidate/index.ts';
import type { App } from './app.ts';
import { DAY_GATES, judgeDayGates } from './announce/judge-day-gates.ts';
import { judgeAsks } from './asks/standing.ts';
import { artifactsOnce, judgeComplete, type CandidateArtifacts } from './artifacts/candidate.ts';
import { judgeValid } from './artifacts/valid.ts';
import { judgeBuilds } from './builds/judge-builds.ts';
import { judgeDocs } from './builds/judge-docs.ts';
import { judgeHealth } from './builds/judge-health.ts';
import { judgeSubmodules } from './builds/judge-submodules.ts';
import { judgeValidated } from './builds/judge-validated.ts';
import { CHANNEL_GATES, judgeChannel } from './channel-gates.ts';
import { coreStagedFacts } from './core-staged.ts';
import { judgeMilestone } from './final/milestone.ts';
import { judgePerformance } from './final/judge-performance.ts';
import { judgeValidation } from './final/validation.ts';
import { judgeSignOffs } from './final/judge-sign-offs.ts';
import { SIGNED_GATES } from './final/rules.ts';
import { judgeCarried } from './patch/carried.ts';
import { judgeGo } from './patch/go.ts';
import { judgeOwed } from './patch/read-owed.ts';
import { judgeExternal } from './external-ready.ts';
import { judgeFixes } from './fixes-present.ts';
import { judgeGuard } from './infra-guard.ts';
import { judgePinned } from './pinned-dependency.ts';
import { judgeSettled } from './picks/settled.ts';
import { judgeBackup } from './promotion/judge-backup.ts';
import { judgeReleased } from './promotion/judge-released.ts';
import { judgeStaged } from './promotion/judge-staged.ts';
import { entriesOf } from './record.ts';
import { withSharedLooks } from './shared-looks.ts';
import { withSharedRefs } from './shared-refs.ts';
import { judgeSizes } from './size-forecast.ts';
import { withTeams } from './teams.ts';

/** The gates of a release as the world and the ledger stand now. */
export interface Judged {
  readonly release: ReleaseVersion;
  readonly gates: readonly Gate[];
  readonly at: Instant;
}

export interface JudgeInput {
  /** Only these gates, by id. Stages none of whose gates are asked for read nothing. */
  readonly only?: readonly string[];
  /** Only gates whose id begins so: `nightlies-green` for those of every repository. */
  readonly families?: readonly string[];
  /** As little is collected as when all gates are judged, although only some are: what takes long is not collected anew. */
  readonly brief?: boolean;
}

interface Judging {
  readonly app: App;
  readonly release: ReleaseVersion;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
  /** Families that were asked for by name, so that what takes long is worth its time; none where all are judged. */
  readonly wanted: readonly string[];
  /** What lies in the candidates' channel: read when the first gate asks, once for all. */
  readonly artifacts: () => Promise<CandidateArtifacts>;
}

/** A stage's gates, with the beginnings of their ids. */
interface Family {
  readonly ids: readonly string[];
  readonly judge: (judging: Judging) => Promise<readonly Gate[]>;
}

const FAMILIES: readonly Family[] = [
  { ids: ['author-owed'], judge: ({ app, release, waivers, now }) => judgeOwed(app, release, { waivers, now }) },
  { ids: ['carry-forward'], judge: ({ app, release, waivers, now }) => judgeCarried(app, release, { waivers, now }) },
  { ids: ['go-no-go'], judge: ({ app, release, waivers, now }) => judgeGo(app, release, { waivers, now }) },
  { ids: ['people'], judge: people },
  { ids: ['support-policy'], judge: supportPolicy },
  { ids: ['milestone-resolved', 'nightlies-green', 'branch-source-green'], judge: readiness },
  { ids: ['fixes-present'], judge: ({ app, release, waivers, now }) => judgeFixes(app, release, { waivers, now }) },
  { ids: ['workflows-cover-matrix', 'rc-trigger-present'], judge: workflows },
  {
    ids: ['size-forecast'],
    judge: ({ app, release, waivers, now }) => judgeSizes(app, release, { waivers, now }),
  },
  { ids: ['ask'], judge: ({ app, release, ...judging }) => judgeAsks(app, release, judging) },
  { ids: ['external-ready'], judge: ({ app, release, waivers, now }) => judgeExternal(app, release, { waivers, now }) },
  {
    ids: ['infra-guard'],
    judge: ({ app, release, waivers, now }) => judgeGuard(app, { train: app.loaded.train, release, waivers, now }),
  },
  { ids: ['core-rc-staged'], judge: coreStaged },
  { ids: ['release-only-landed', 'next-version-on-main'], judge: releaseOnly },
  { ids: ['version-file-matches'], judge: candidate },
  {
    ids: ['builds-started', 'builds-green'],
    judge: ({ app, release, waivers, now }) => judgeBuilds(app, release, { waivers, now }),
  },
  {
    ids: ['health-green'],
    judge: ({ app, release, waivers, now }) => judgeHealth(app, release, { waivers, now }),
  },
  {
    ids: ['submodules-pinned'],
    judge: ({ app, release, waivers, now, wanted }) =>
      judgeSubmodules(app, release, { waivers, now, inFull: wanted.length > 0 }),
  },
  { ids: ['triton-ready'], judge: ({ app, release, waivers, now }) => judgePinned(app, release, { waivers, now }) },
  {
    ids: ['artifacts-complete'],
    judge: ({ app, waivers, now, artifacts }) => judgeComplete(app, { waivers, now, artifacts }),
  },
  {
    ids: CHANNEL_GATES,
    judge: ({ app, release, ...judging }) => judgeChannel(app, release, judging),
  },
  {
    ids: ['artifacts-valid'],
    judge: ({ app, release, wanted, ...judging }) =>
      judgeValid(app, release, { ...judging, inFull: wanted.length > 0 }),
  },
  {
    ids: ['docs-built'],
    judge: ({ app, release, waivers, now }) => judgeDocs(app, release, { waivers, now }),
  },
  {
    ids: ['binaries-validated'],
    judge: ({ app, release, waivers, now }) => judgeValidated(app, release, { waivers, now }),
  },
  {
    ids: ['backup-made'],
    judge: ({ app, release, waivers, now }) => judgeBackup(app, release, { waivers, now }),
  },
  {
    ids: ['milestone-validated'],
    judge: ({ app, release, waivers, now }) => judgeMilestone(app, release, { waivers, now }),
  },
  {
    ids: ['validation-issue'],
    judge: ({ app, release, waivers, now }) => judgeValidation(app, release, { waivers, now }),
  },
  {
    ids: ['no-perf-regression'],
    judge: ({ app, release, waivers, now }) => judgePerformance(app, release, { waivers, now }),
  },
  {
    ids: SIGNED_GATES,
    judge: ({ app, release, waivers, now }) => judgeSignOffs(app, release, { waivers, now }),
  },
  {
    ids: ['staged', 'staged-valid'],
    judge: ({ app, release, waivers, now, wanted }) => judgeStaged(app, release, { waivers, now, wanted }),
  },
  {
    ids: ['stable-verified', 'released'],
    judge: ({ app, release, waivers, now, wanted }) => judgeReleased(app, release, { waivers, now, wanted }),
  },
  { ids: DAY_GATES, judge: ({ app, release, ...judging }) => judgeDayGates(app, release, judging) },
  {
    ids: ['picks-settled', 'reverts-settled'],
    judge: ({ app, release, waivers, now }) => judgeSettled(app, release, { waivers, now }),
  },
];

/** What the ids of all gates begin with. */
export const GATE_FAMILIES: readonly string[] = FAMILIES.flatMap(({ ids }) => ids);

/** Judges the gates afresh: reads what they rest on, lets the stages decide, applies waivers. */
export async function judge(
  app: App,
  release: ReleaseVersion,
  { only, families, brief = false }: JudgeInput,
): Promise<Judged> {
  const now = app.clock.now();
  const waivers = foldWaivers(await entriesOf(app, release));
  const isAsked = (id: string) => (only?.includes(id) ?? true) && (families?.includes(familyOfGate(id)) ?? true);
  const wanted = [...(only ?? []).map((id) => familyOfGate(id)), ...(families ?? [])];
  const asked = FAMILIES.filter(({ ids }) => wanted.length === 0 || ids.some((id) => wanted.includes(id)));
  const shared = { ...app, stores: withSharedLooks(app.stores), git: withSharedRefs(app.git) };
  const artifacts = artifactsOnce(shared, release);
  const judging = { app: shared, release, waivers, now, wanted: brief ? [] : wanted, artifacts };
  const judged = await Promise.all(asked.map((family) => family.judge(judging)));
  return { release, gates: judged.flat().filter((gate) => isAsked(gate.id)), at: now };
}

/** The gates of these families, and of the asks that hold up the step. */
export async function judgeBefore(
  app: App,
  release: ReleaseVersion,
  { step, families }: { readonly step: AskHolds; readonly families: readonly string[] },
): Promise<Judged> {
  const asks = askGatesBefore(app.loaded.train, release, step);
  const judged = await judge(app, release, { families: asks.length === 0 ? families : [...families, 'ask'] });
  return { ...judged, gates: judged.gates.filter(({ id }) => familyOfGate(id) !== 'ask' || asks.includes(id)) };
}

/** Families of the gates before a cut. */
export const CUT_GATES: readonly string[] = [
  'people',
  'support-policy',
  'milestone-resolved',
  'fixes-present',
  'nightlies-green',
  'branch-source-green',
  'workflows-cover-matrix',
  'rc-trigger-present',
  'external-ready',
  'infra-guard',
  'core-rc-staged',
];

/** Families of the gates before a candidate is marked as final. */
export const FINAL_GATES: readonly string[] = [
  'milestone-resolved',
  'fixes-present',
  'picks-settled',
  'reverts-settled',
  'author-owed',
  'carry-forward',
  'builds-started',
  'builds-green',
  'health-green',
  'submodules-pinned',
  'triton-ready',
  'artifacts-complete',
  'artifacts-valid',
  'index-valid',
  'companions-resolve',
];

/** Gates that do not let the train through. */
export function closedOf(gates: readonly Gate[]): readonly Gate[] {
  return gates.filter((gate) => !isOpen(gate));
}

async function people({ app, waivers, now }: Judging): Promise<readonly Gate[]> {
  const [{ loaded }, { unread }] = await Promise.all([withTeams(app), app.teams.read()]);
  const managers = unread.filter(({ team }) => app.teams.roles['release-manager'].includes(`@${team}`));
  return [withWaiver(decidePeople(loaded.train, now, managers), waivers, now)];
}

/** None where the train file has no support matrix at all. */
async function supportPolicy({ app, release, waivers, now }: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (Object.keys(train.support.lines).length === 0) return [];
  return [decideSupportPolicy(train, release, { python: await app.pythonReleases(), waivers, now })];
}

async function readiness({ app, release, waivers, now }: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  return decideReadiness(
    await readReadiness({ train, release, forge: app.forge, git: app.git, now }),
    train,
    waivers,
    now,
  );
}

async function workflows({ app, release, waivers, now }: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const found = await readTriggers({ train, release, git: app.git, forge: app.forge, now });
  const judging = { train, release, waivers, now };
  // A matrix that is not there is told by the gates of 01; there is nothing to compare with.
  const expected = expectedArtifacts(train, release);
  return [...(expected.ok ? decideCoverage(found, expected.value, judging) : []), ...decideTriggers(found, judging)];
}

async function coreStaged({ app, release, waivers, now, artifacts }: Judging): Promise<readonly Gate[]> {
  return [decideCoreStaged(await coreStagedFacts(app, release, artifacts), app.loaded.train, waivers, now)];
}

async function releaseOnly({ app, release, waivers, now }: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  return decideReleaseOnlyGates(
    await readReleaseOnly({ train, release, forge: app.forge, git: app.git, now }),
    train,
    waivers,
    now,
  );
}

async function candidate({ app, release, waivers, now }: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  return decideCandidateGates(await readCandidate({ train, release, git: app.git, now }), train, waivers, now);
}
