import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { Step } from '../../domain/plan/step.ts';
import { ApplyFailure, applyPlan } from '../../engine/apply.ts';
import { foldPlans } from '../../engine/fold.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { PackageFiles } from '../../ports/package-files.ts';
import type { IndexFault } from '../../sandbox/packages-send.ts';
import { startPackageIndex, type PackageIndex } from '../../sandbox/packages.ts';
import { LATER, NOW, planOf } from '../../testing/engine-world.ts';
import { fixedClock } from '../../testing/fixed-clock.ts';
import { hastyTools, indexAdapter } from '../../testing/index-adapter.ts';
import { memoryGit } from '../../testing/memory-git.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { memoryStores } from '../../testing/memory-store.ts';
import { stage, type StagedWheel } from '../../testing/package-files-contract.ts';

const FAULTS: readonly IndexFault[] = [
  'refused',
  'reset-mid-body',
  'lost',
  'slow',
  'truncated',
  'twice',
  'stalled',
  { status: 500 },
  { status: 503, headers: { 'retry-after': '1' } },
  { status: 429, headers: { 'retry-after': '1' } },
  { statusAfter: 500 },
  { statusAfter: 503 },
];

const TAGS = ['cp312-cp312-win_amd64', 'cp313-cp313-win_amd64', 'cp314-cp314-win_amd64'];
const inIndex = { project: 'torch', version: '2.8.0' };

/** Three wheels, one after the other, and the index read back. */
function planFor(wheels: readonly StagedWheel[]): Plan {
  const common = { repo: 'core', undo: 'none' };
  const uploads = wheels.map(({ name, ...facts }, wave) =>
    Step.parse({
      ...common,
      kind: 'upload-file',
      key: `upload-file:core:${name}`,
      wave,
      reversible: 'never',
      to: { channel: 'pypi', place: 0 },
      ...inIndex,
      file: name,
      ...facts,
    }),
  );
  const back = Step.parse({
    ...common,
    kind: 'read-back',
    key: 'read-back:core:torch',
    wave: wheels.length,
    reversible: 'yes',
    channel: 'pypi',
    place: 0,
    of: 'package-index',
    release: inIndex,
    files: wheels.map(({ name, size, digest }) => ({ key: name, size, digest })),
  });
  return planOf([...uploads, back]);
}

async function carryOut(plan: Plan, ledger: Ledger, packages: PackageFiles): Promise<string> {
  const known = foldPlans(await ledger.read({ train: 'small' })).get(plan.id);
  if (known === undefined) {
    const event: LedgerEvent = { type: 'plan-made', release: plan.body.release, plan, goodUntil: LATER };
    await ledger.append('small', [{ at: NOW, actor: 'ana', event }]);
    return carryOut(plan, ledger, packages);
  }
  const applied = await applyPlan({
    record: known,
    actor: 'ana',
    ports: { git: memoryGit(), forge: null, pages: null, files: null, packages },
    ledger,
    lease: { isHeld: async () => true, release: async () => {} },
    clock: fixedClock(NOW),
    stop: new AbortController().signal,
    report: () => {},
    seenTo: 0,
  });
  return applied.end === 'stopped' ? `stopped: ${applied.stopped.map(({ reason }) => reason).join('; ')}` : applied.end;
}

interface Run {
  /** Carryings-out that it took. */
  readonly tries: number;
  /** Whether the fault was met. */
  readonly met: boolean;
  readonly stored: readonly { readonly name: string; readonly digest: string }[];
  readonly taken: number;
}

/** Carries the plan out with a fault at one request, again and again with a new process each time, until it is done. */
async function run(fault: IndexFault, request: number): Promise<Run> {
  const hasty = hastyTools();
  const index: PackageIndex = await startPackageIndex({
    dir: null,
    log: (line) => {
      if (line.endsWith(' 0')) hasty.timeOver();
    },
  });
  try {
    const store = memoryStores().store('staging');
    const plan = planFor(TAGS.map((tags) => stage(store, { ...inIndex, name: 'torch', tags })));
    const ledger = memoryLedger();
    index.faults.next({ after: request - 1 }, fault);
    for (let tries = 1; tries < 6; tries += 1) {
      const end = await carryOut(plan, ledger, indexAdapter(index, store, hasty)).catch((error: unknown) => {
        if (error instanceof ApplyFailure) return 'failed';
        throw error;
      });
      if (end === 'failed') continue;
      expect(end).toBe('finished');
      const stored = index.files().map(({ name, sha256 }) => ({ name, digest: `sha256:${sha256}` }));
      return { tries, met: index.faults.pending() === 0, stored, taken: acceptedUploads(index) };
    }
    throw new Error('it never came to an end');
  } finally {
    await index.stop();
  }
}

function acceptedUploads(index: PackageIndex): number {
  return index.requests.all().filter(({ method }) => method === 'POST').length;
}

describe('every fault at every request of an upload of three files', { timeout: 300_000 }, () => {
  it('ends, continued until it is done, with each file in the index once, with its bytes', async () => {
    const store = memoryStores().store('staging');
    const expected = TAGS.map((tags) => stage(store, { ...inIndex, name: 'torch', tags }));
    let [runs, again, sent] = [0, 0, 0];
    for (const fault of FAULTS) {
      for (let request = 1; ; request += 1) {
        const { tries, met, stored, taken } = await run(fault, request);
        if (!met) break;
        runs += 1;
        again += tries > 1 ? 1 : 0;
        sent = Math.max(sent, taken);
        expect(stored, `${JSON.stringify(fault)} at request ${request}`).toEqual(
          expected.map(({ name, digest }) => ({ name, digest })),
        );
      }
    }
    process.stdout.write(
      `${runs} runs with a fault, ${again} of them continued by a person; at most ${sent} uploads sent\n`,
    );
    expect(runs).toBeGreaterThan(FAULTS.length * 15);
    // Three, and the one that the fault made void.
    expect(sent).toBeLessThanOrEqual(4);
  });
});
