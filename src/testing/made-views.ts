import type { GateView } from '../api/views/gate.ts';
import type { PlanPageView } from '../api/views/plan.ts';
import type { ReleaseView } from '../api/views/release.ts';
import { Instant } from '../domain/instant.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { LATER, NOW } from './engine-world.ts';

/** A failing gate with one piece of evidence. */
export function madeGate(id: string, changes: Partial<GateView> = {}): GateView {
  return {
    id,
    verdict: 'failing',
    summary: '37 of 40 jobs',
    evidence: [{ text: '37 of 40 jobs', source: 'forge small/vision', at: Instant.parse('2025-06-24T13:58:00Z') }],
    owners: ['ana', 'ben'],
    since: Instant.parse('2025-06-22T08:12:00Z'),
    fix: `signalbox gate run 2.8.0 ${id}`,
    waiver: null,
    ...changes,
  };
}

/** 2.8.0 before its cut: opened, nothing in its way, no dates. */
export function madeRelease(changes: Partial<ReleaseView> = {}): ReleaseView {
  return {
    release: ReleaseVersion.parse('2.8.0'),
    title: 'Small 2.8.0',
    product: 'small',
    at: NOW,
    phase: 'prepare',
    phases: [
      { phase: 'Prepare', state: 'running' },
      { phase: 'Branch cut', state: 'queued' },
      { phase: 'RCs', state: 'queued' },
      { phase: 'Final RC', state: 'queued' },
      { phase: 'Promote', state: 'queued' },
      { phase: 'Release day', state: 'queued' },
    ],
    branch: { name: 'release/2.8', commit: null },
    day: null,
    cut: null,
    next: {
      what: 'the branch cut of core, vision',
      command: 'signalbox branch cut 2.8.0',
      plan: 'branch cut',
    },
    freeze: null,
    abandoned: null,
    closed: null,
    opened: true,
    final: null,
    repos: [],
    picksUnread: null,
    gates: [],
    blocking: [],
    later: [],
    candidates: [],
    candidatesUnread: [],
    recorded: [],
    due: [],
    burnDown: [],
    plans: [],
    ...changes,
  };
}

/** A plan of two steps that nobody has begun, made by ben. */
export function madePlan(changes: Partial<PlanPageView> = {}): PlanPageView {
  const steps: PlanPageView['shown'] = ['core', 'vision'].map((repo, wave) => ({
    key: `push-refs:${repo}:release/2.8`,
    wave,
    rows: [{ sign: '+', kind: 'branch', repo, what: 'release/2.8  at abcdef012' }],
    undo: 'full',
    undoBy: 'delete the branch',
    steps: 1,
    done: 0,
    adopted: 0,
    stopped: null,
    doneAt: null,
    doneBy: null,
  }));
  return {
    id: 'p7k2m9',
    release: ReleaseVersion.parse('2.8.0'),
    purpose: 'cut',
    title: 'Cut 2.8',
    author: 'ben',
    state: 'made',
    permanent: false,
    madeAt: NOW,
    goodUntil: LATER,
    done: 0,
    steps: 2,
    approvals: 0,
    approvalsNeeded: 0,
    mayApprove: [],
    train: 'Small',
    digest: 'sha256:00',
    manifest: null,
    phrase: null,
    gates: ['people'],
    undoes: null,
    counts: 'Plan: 2 to create.',
    undoTexts: [],
    shown: steps,
    approvedBy: [],
    ended: null,
    freeze: null,
    abandoned: null,
    applying: null,
    asked: false,
    refused: null,
    canCompareWithNow: true,
    difference: null,
    differenceProblem: null,
    owners: ['ben'],
    ...changes,
  };
}
