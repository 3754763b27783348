import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf } from '../cli/output/text.ts';
import { CalendarDate, Instant } from '../domain/instant.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { ledgerOf, pictureOf } from '../testing/crash-picture.ts';
import { buildCrashProgram, startChild, type CrashProgram, type CrashRun } from '../testing/crash-process.ts';
import { makeReady, planned } from '../testing/crash-story.ts';
import { openCrashWorld, type CrashWorld } from '../testing/crash-world.ts';
import { cutBranches } from './cut-branches.ts';
import { entriesOf } from './record.ts';

const SIGNALBOX = join(import.meta.dirname, '../../bin/signalbox.js');
const TODAY = CalendarDate.parse('2025-06-24');
const NOW = Instant.parse('2025-06-24T14:00:00Z');
const REASON = 'the branch is the wrong one';

let program: CrashProgram;
let world: CrashWorld;
let cut: Plan;

beforeAll(async () => {
  program = await buildCrashProgram();
  world = await openCrashWorld({ today: TODAY, now: NOW });
  await makeReady(world);
  cut = await planned(world, cutBranches);
  await world.snapshot('planned');
});

afterAll(async () => {
  await world.remove();
  await program.remove();
});

beforeEach(() => world.restore('planned'));

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built command as somebody of the world gives it, in a process of its own, 80 columns wide. */
async function signalbox(login: string, ...args: readonly string[]): Promise<Said> {
  const { databaseUrl } = world.order(cut.id);
  const child = spawn(process.execPath, [SIGNALBOX, '-C', world.dir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      LANG: 'C.UTF-8',
      DATABASE_URL: databaseUrl ?? '',
      SIGNALBOX_GITHUB_TOKEN: world.sandbox().tokens[login] ?? '',
    },
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const wide = `${out}\n${err}`.split('\n').filter((line) => columnsOf(line) > 80 && !/signalbox \S/u.test(line));
  expect(wide).toEqual([]);
  return { code: await code, out, err };
}

/** Applies in a process that stands still before its first push until somebody else has decided something. */
async function applyWhile(decide: () => Promise<void>): Promise<CrashRun> {
  const child = startChild(program, world.order(cut.id, { pauseAt: 'git.push before' }));
  await child.paused;
  await decide();
  child.goOn();
  return child.ended;
}

/** The words of an answer, wherever its lines were broken. */
const words = (said: string): string => said.replaceAll(/\s+/gu, ' ');

/** How the newest carrying-out ended, by the ledger. */
async function endOf(): Promise<unknown> {
  const entries = await world.as('ada-rm', (app) => entriesOf(app));
  return entries.map(({ event, actor }) => ({ actor, event })).findLast(({ event }) => event.type === 'apply-ended');
}

describe('an apply in another process', () => {
  it('ends before its next step when it is asked to stop, and leaves a record of that; applied again, it does the rest', async () => {
    const run = await applyWhile(async () => {
      const asked = await signalbox('bruno-rm', 'plan', 'stop', cut.id, '-m', REASON, '--yes');
      expect([asked.code, asked.err]).toEqual([0, expect.any(String)]);
      expect(words(asked.out)).toContain('Asked. @ada-rm, at it since');
    });
    expect(run.answer).toEqual({ end: 'halted', text: `stop by bruno-rm: ${REASON}` });
    // The push that ran was finished and has its receipt; nothing of a later wave was begun.
    const { receipts, ends } = await ledgerOf(world, cut.id);
    expect(receipts.length).toBeGreaterThan(0);
    expect(receipts.length).toBeLessThan(cut.body.steps.length);
    expect(ends).toBe(0);
    expect(await endOf()).toMatchObject({
      actor: 'ada-rm',
      event: { end: 'stopped', reason: `@bruno-rm asked to stop it: ${REASON}` },
    });
    const shown = await signalbox('cleo-core', 'plan', 'show', cut.id);
    expect(words(shown.out)).toContain(`The last apply, by @ada-rm, stopped 24 Jun 2025 14:00 UTC: @bruno-rm asked to`);
    const again = await signalbox('ada-rm', 'apply', cut.id);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Done: ')]);
    expect((await ledgerOf(world, cut.id)).receipts).toHaveLength(cut.body.steps.length);
  });

  it('ends the same when the train is frozen, and nobody goes on before it is thawed', async () => {
    const run = await applyWhile(async () => {
      const frozen = await signalbox('bruno-rm', 'release', 'freeze', '-m', 'the key leaked', '--yes');
      expect(frozen.code).toBe(0);
    });
    expect(run.answer).toEqual({ end: 'halted', text: 'freeze by bruno-rm: the key leaked' });
    const before = await pictureOf(world);
    const refused = await signalbox('ada-rm', 'apply', cut.id);
    expect(refused.code).toBe(5);
    expect(words(refused.err)).toContain('The train was frozen by @bruno-rm at');
    expect(refused.err).toContain('signalbox release thaw');
    const blockers = await signalbox('ada-rm', 'blockers', '2.8.0');
    expect([blockers.code, words(blockers.out)]).toEqual([3, expect.stringContaining('train-frozen')]);
    expect(await pictureOf(world)).toEqual(before);
    expect((await signalbox('bruno-rm', 'release', 'thaw', '-m', 'it did not', '--yes')).code).toBe(0);
    expect((await signalbox('ada-rm', 'apply', cut.id)).code).toBe(0);
  });

  it('is not stopped by somebody without the right, nor is a plan that nobody is at', async () => {
    const run = await applyWhile(async () => {
      expect((await signalbox('gita-r', 'plan', 'stop', cut.id, '-m', REASON, '--yes')).code).toBe(4);
    });
    expect(run.answer).toEqual({ end: 'finished' });
    await world.restore('planned');
    const nobody = await signalbox('bruno-rm', 'plan', 'stop', cut.id, '-m', REASON, '--yes');
    expect([nobody.code, nobody.out]).toEqual([5, '']);
    expect(nobody.err).toContain('[NOT_APPLIED]');
  });
});
