import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSeconds, CalendarDate, Instant } from '../domain/instant.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { applyOnce, type ApplyEnd } from '../testing/crash-apply.ts';
import { ledgerOf, pictureOf } from '../testing/crash-picture.ts';
import { buildCrashProgram, startChild, type CrashProgram } from '../testing/crash-process.ts';
import { granted, makeReady, mergeAll, planned, RELEASE_2_8 } from '../testing/crash-story.ts';
import { openCrashWorld, type CrashWorld } from '../testing/crash-world.ts';
import { applyPlan } from './apply-plan.ts';
import { changeBranches } from './change-branches.ts';
import { cutBranches } from './cut-branches.ts';
import { cutCandidate } from './cut-candidate.ts';
import { entriesOf } from './record.ts';

const TODAY = CalendarDate.parse('2025-06-24');
const NOW = Instant.parse('2025-06-24T14:00:00Z');
const DAY = 24 * 60 * 60;

let program: CrashProgram;
let world: CrashWorld;
let cut: Plan;
let untouched: readonly string[];
let undisturbed: readonly string[];

beforeAll(async () => {
  program = await buildCrashProgram();
  world = await openCrashWorld({ today: TODAY, now: NOW });
  await makeReady(world);
  cut = await planned(world, cutBranches);
  untouched = await pictureOf(world);
  await world.snapshot('planned');
  const end = await apply(cut);
  if (end.end !== 'finished') throw new Error(`the undisturbed run ended with ${JSON.stringify(end)}`);
  undisturbed = await pictureOf(world);
});

afterAll(async () => {
  await world.remove();
  await program.remove();
});

const apply = (plan: Plan): Promise<ApplyEnd> =>
  world.as('ada-rm', (app) => applyOnce(app, { plan: plan.id, confirmation: null }));

async function expectWhole(plan: Plan): Promise<void> {
  expect(await pictureOf(world)).toEqual(undisturbed);
  const { receipts, ends, faults } = await ledgerOf(world, plan.id);
  expect([receipts.length, ends, faults]).toEqual([plan.body.steps.length, 1, 0]);
}

const place = (): string => join(world.dir, 'world', 'repos', 'pytorch', 'test-infra.git');
const stateFile = (): string => join(world.dir, 'world', 'state', 'pytorch', 'test-infra.json');

describe('a repository that is gone', () => {
  it('stops the plan before anything is done, by its name; the plan finishes when it is back', async () => {
    await world.restore('planned');
    const away = join(world.dir, 'away');
    await world.whileClosed(async () => {
      await rename(place(), away);
      await rename(stateFile(), `${away}.json`);
    });
    const gone = await apply(cut);
    expect(gone).not.toEqual({ end: 'finished' });
    expect(JSON.stringify(gone)).toContain('test-infra');
    await world.whileClosed(async () => {
      await rename(away, place());
      await rename(`${away}.json`, stateFile());
    });
    expect(await pictureOf(world)).toEqual(untouched);
    expect(await apply(cut)).toEqual({ end: 'finished' });
    await expectWhole(cut);
  });

  it('is named when it is planned for, and does not keep another repository from its cut', async () => {
    await world.restore('planned');
    await world.whileClosed(async () => {
      await rename(place(), join(world.dir, 'away'));
      await rename(stateFile(), join(world.dir, 'away.json'));
    });
    const all = await world.as('ada-rm', (app) => cutBranches(app, { release: RELEASE_2_8, dryRun: true }));
    const text = JSON.stringify(all);
    expect(text).toContain('test-infra');
    const one = await world.as('ada-rm', async (app) =>
      granted(await cutBranches(app, { release: RELEASE_2_8, repo: 'pytorch', dryRun: true })),
    );
    expect(one.kind === 'planned' && one.view.plan.body.steps.map(({ repo }) => repo)).not.toContain('test-infra');
  });
});

describe('a remote that refuses', () => {
  it('one ref of two: neither is made, the step says which and why; a second run repairs once the rule is lifted', async () => {
    await world.restore('planned');
    const orig = 'refs/heads/orig/release/2.8';
    await world.sandbox().rejectRefs('pytorch', 'test-infra', [orig]);
    const refused = await apply(cut);
    expect(refused).toMatchObject({ end: 'stopped' });
    expect(JSON.stringify(refused)).toContain('orig/release/2.8');
    expect(JSON.stringify(refused)).toContain('GH013');
    const infra = (await pictureOf(world)).filter((line) => /^test-infra: ref .*release\/2\.8/.test(line));
    expect(infra, 'not half of the pair').toEqual([]);
    expect(await apply(cut), 'again, with the rule').toMatchObject({ end: 'stopped' });
    await world.sandbox().rejectRefs('pytorch', 'test-infra', []);
    expect(await apply(cut)).toEqual({ end: 'finished' });
    await expectWhole(cut);
  });

  it('the first push: what is planned afterwards is what is missing, not nothing', async () => {
    await world.restore('planned');
    await world.sandbox().rejectRefs('pytorch', 'pytorch', ['refs/heads/release/2.8']);
    expect(await apply(cut)).toMatchObject({ end: 'stopped' });
    await world.sandbox().rejectRefs('pytorch', 'pytorch', []);
    const again = await planned(world, cutBranches);
    expect([...new Set(again.body.steps.map(({ repo }) => repo))]).toContain('pytorch');
    expect(await apply(again)).toEqual({ end: 'finished' });
    expect((await pictureOf(world)).filter((line) => line.includes(': ref '))).toEqual(
      undisturbed.filter((line) => line.includes(': ref ')),
    );
  });

  const onPush = { method: 'POST', path: /pytorch\/pytorch(\.git)?\/git-receive-pack$/ } as const;

  it.each([
    ['answers a push with 500', { status: 500 }],
    ['cuts the connection before the push', 'reset'],
  ] as const)('and %s is named, and a second run finishes', async (_name, fault) => {
    await world.restore('planned');
    world.sandbox().faults.next(onPush, fault);
    const first = await apply(cut);
    expect(world.sandbox().faults.pending()).toBe(0);
    expect(JSON.stringify(first)).toMatch(/"end":"finished"|pytorch/);
    expect((await apply(cut)).end).toBe(first.end === 'finished' ? 'refused' : 'finished');
    await expectWhole(cut);
  });

  it('nothing, but cuts the connection after the push: nobody is told that nothing was changed', async () => {
    await world.restore('planned');
    world.sandbox().faults.next(onPush, 'reset-after-effect');
    expect(await apply(cut)).toEqual({ end: 'finished' });
    expect(world.sandbox().faults.pending()).toBe(0);
    await expectWhole(cut);
  });
});

describe('a disk that fills up under a running apply', () => {
  it.each([
    ['the intents', 'step-intended'],
    ['a receipt', 'step-receipt'],
    ['the end', 'plan-finished'],
  ])(
    'while %s is written: told with what to do, nothing is done twice when there is room again',
    async (_name, type) => {
      await world.restore('planned');
      await world.asOwner(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON signalbox.ledger_entries FOR EACH ROW WHEN (NEW.type = '${type}') EXECUTE FUNCTION no_room()`);
      const full = await apply(cut);
      expect(full).toMatchObject({ end: 'failed' });
      expect(full).toHaveProperty('text', expect.stringMatching(/No space left on device.*Make room on the disk/s));
      const during = await pictureOf(world);
      expect(during.length === untouched.length, 'acted on only with intents').toBe(type === 'step-intended');
      await world.asOwner('DROP TRIGGER no_room ON signalbox.ledger_entries');
      expect(await apply(cut)).toEqual({ end: 'finished' });
      await expectWhole(cut);
    },
  );
});

describe('a clock that jumps back', () => {
  it('between plan and apply does no harm', async () => {
    await world.restore('planned');
    world.clock.move(-DAY);
    try {
      expect(await apply(cut)).toEqual({ end: 'finished' });
      await expectWhole(cut);
    } finally {
      world.clock.set(NOW);
    }
  });

  it('in the middle of an apply leaves a ledger whose order is its sequence', async () => {
    await world.restore('planned');
    try {
      const applied = await world.as('ada-rm', (app) =>
        applyPlan(app, {
          id: cut.id,
          confirmation: null,
          stop: new AbortController().signal,
          report: () => world.clock.move(-DAY),
        }),
      );
      expect(granted(applied).end).toBe('finished');
      await expectWhole(cut);
      const entries = await world.as('ada-rm', (app) => entriesOf(app));
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_entry, index) => index + 1));
      expect(entries.at(-1)?.at).not.toBe(
        entries
          .map(({ at }) => at)
          .toSorted()
          .at(-1),
      );
    } finally {
      world.clock.set(NOW);
    }
  });

  it('and one that jumps ahead makes the plan too old, with what to do', async () => {
    await world.restore('planned');
    world.clock.set(addSeconds(NOW, DAY));
    try {
      const late = await apply(cut);
      expect(late).toMatchObject({ end: 'refused', codes: ['plan-expired'] });
      expect(late).toHaveProperty('text', expect.stringContaining('Make it again'));
      expect(await pictureOf(world)).toEqual(untouched);
    } finally {
      world.clock.set(NOW);
    }
  });
});

describe('a dry run', () => {
  it('changes no byte: not of a repository, not of GitHub, not of the ledger, not of a clone of the user', async () => {
    await world.restore('planned');
    const clone = join(world.dir, 'clone');
    await promisify(execFile)('git', ['clone', '--quiet', world.sandbox().gitUrl('pytorch', 'pytorch'), clone]);
    const tried: string[] = [];
    const dry = async (name: string, useCase: typeof cutBranches | typeof changeBranches | typeof cutCandidate) => {
      const before = await everything(clone);
      const answer = await world.as('ada-rm', (app) => useCase(app, { release: RELEASE_2_8, dryRun: true }));
      const cwd = process.cwd();
      tried.push(`${name}: ${answer.ok ? answer.value.kind : answer.problems.map(({ code }) => code).join()}`);
      expect(process.cwd()).toBe(cwd);
      expect(await everything(clone)).toEqual(before);
    };
    await dry('cut', cutBranches);
    expect(await apply(cut)).toEqual({ end: 'finished' });
    await dry('changes', changeBranches);
    expect(await apply(await planned(world, changeBranches))).toEqual({ end: 'finished' });
    await mergeAll(world.sandbox(), ['test-infra', 'pytorch']);
    await dry('candidate', cutCandidate);
    expect(tried).toEqual(['cut: planned', 'changes: planned', 'candidate: planned']);
  });
});

/** Digest of every file of the world and the clone by its path, and every row of the ledger. */
async function everything(clone: string): Promise<Readonly<Record<string, string>>> {
  const folders = [join(world.dir, 'world'), clone];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => join(item.parentPath, item.name)),
  );
  const rows = await world.asOwner('SELECT entry FROM signalbox.ledger_entries ORDER BY train, seq');
  return Object.fromEntries([
    ...files.map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')] as const),
    ['ledger', JSON.stringify(rows)],
  ]);
}

describe('a database killed under a running apply', () => {
  it.each(['lease.isHeld before', 'git.push before', 'git.push after', 'ledger.append step-receipt before'])(
    'at %s: a clear text or a finished plan, and the next apply finds nothing half done',
    async (pauseAt) => {
      const own = await openCrashWorld({ today: TODAY, now: NOW, embedded: true });
      try {
        await makeReady(own);
        const plan = await planned(own, cutBranches);
        const child = startChild(program, own.order(plan.id, { pauseAt }));
        await child.paused;
        process.kill(postmasterOf(own), 'SIGKILL');
        child.goOn();
        const { answer } = await child.ended;
        process.stderr.write(`database killed at ${pauseAt}: ${JSON.stringify(answer)}\n`);
        expect(JSON.stringify(answer)).toMatch(/"end":"finished"|the database in|lock of this release was lost/);
        const next = await own.as('ada-rm', (app) => applyOnce(app, { plan: plan.id, confirmation: null }));
        expect(next).toMatchObject(answer?.end === 'finished' ? { codes: ['plan-finished'] } : { end: 'finished' });
        expect(await pictureOf(own)).toEqual(undisturbed);
        const { receipts, ends, faults } = await ledgerOf(own, plan.id);
        expect([receipts.length, ends, faults]).toEqual([plan.body.steps.length, 1, 0]);
      } finally {
        await own.remove();
      }
    },
  );
});

function postmasterOf(own: CrashWorld): number {
  return Number.parseInt(readFileSync(join(own.dir, '.signalbox', 'postgres', 'postmaster.pid'), 'utf8'), 10);
}
