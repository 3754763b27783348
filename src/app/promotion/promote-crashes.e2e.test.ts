import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { folderStore } from '../../adapters/folder/store.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { applyOnce } from '../../testing/crash-apply.ts';
import { buildCrashProgram, startChild, type CrashProgram } from '../../testing/crash-process.ts';
import {
  killAtPoints,
  openCrashedPromotion,
  waiveGates,
  type CrashedPromotion,
} from '../../testing/crashed-promotion.ts';
import { planIn } from '../../testing/promotion-story.ts';
import { WHOLE_RELEASE as RELEASE } from '../../testing/whole-release.ts';
import { promoteStable, STABLE_GATES } from './stable.ts';
import { promoteStage } from './stage.ts';

const input = { release: RELEASE, dryRun: false };
const SAMPLE = 8;

let program: CrashProgram;

beforeAll(async () => {
  program = await buildCrashProgram();
});
afterAll(() => program.remove());

function openStaging(): Promise<CrashedPromotion> {
  return openCrashedPromotion(async (app) => planIn(await promoteStage(app, input)));
}

function openStable(): Promise<CrashedPromotion> {
  return openCrashedPromotion(async (app) => {
    const staged = planIn(await promoteStage(app, input));
    const end = await applyOnce(app, { plan: staged.id, confirmation: null });
    if (end.end !== 'finished') throw new Error(`staging ended with ${JSON.stringify(end)}`);
    await waiveGates(app, STABLE_GATES);
    return planIn(await promoteStable(app, input));
  });
}

/** A piece that a killed run leaves aside of the channel; it is swept a day later. */
const ASIDE = /^\.signalbox\/unproven-/;

/** What lies in a channel: each key with the digest of its bytes and what is recorded of it. */
async function pictureOf(home: string, channel: string): Promise<readonly string[]> {
  const store = folderStore(join(home, channel));
  const lines: string[] = [];
  for await (const { objects, strange } of store.list('')) {
    lines.push(...strange.map((name) => `${name} is strange`));
    for (const { key, size, sha256 } of objects) {
      if (ASIDE.test(key)) continue;
      const digest = runningDigest();
      for await (const piece of store.source(key).stream(0, size ?? 0)) digest.add(piece);
      lines.push(`${key} ${digest.digest()} recorded ${sha256 ?? 'nothing'}`);
    }
  }
  return lines;
}

/** That a channel is what the undisturbed run made of it, and the ledger tells of each step once. */
function asUndisturbed(channel: string, files: number): (world: CrashedPromotion) => Promise<void> {
  let undisturbed: readonly string[] | null = null;
  return async ({ home, wrongInLedger }) => {
    const picture = await pictureOf(home, channel);
    undisturbed ??= picture;
    expect(picture.filter((line) => line.includes('.whl sha256:'))).toHaveLength(files);
    expect(picture).toEqual(undisturbed);
    expect(await wrongInLedger()).toEqual([]);
  };
}

it.each([
  { name: 'staging', open: openStaging, channel: 'staging', files: 4 },
  { name: 'promotion to stable', open: openStable, channel: 'stable', files: 8 },
])(
  'a process that dies at any point of a $name leaves what the next apply brings to the same end',
  async ({ name, open, channel, files }) => {
    const { killed, tried, missed, notOver } = await killAtPoints({
      name,
      sample: SAMPLE,
      open,
      start: (order) => startChild(program, order),
      expectDone: asUndisturbed(channel, files),
    });
    expect(notOver).toEqual([]);
    expect(missed).toEqual([]);
    // A run may have a few points fewer than the first one had: of a sample some may be of its last ones.
    expect(killed).toBeGreaterThan(tried / 2);
  },
  // All points of a plan, each in a world of its own, may take long on a busy machine.
  4 * 3_600_000,
);
