import { expect, it } from 'vitest';
import { branchRef } from '../../domain/git-names.ts';
import { addSeconds } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { BASE } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import type { App } from '../app.ts';
import { applyPlan } from '../apply-plan.ts';
import { judge } from '../judge.ts';
import { cutBranches } from '../cut-branches.ts';
import { waiveGate } from '../gates.ts';
import { freezeTrain } from '../freeze.ts';
import { createRelease } from '../releases.ts';
import { entriesOf } from '../record.ts';
import { NOTHING_KEPT, recordVerdicts, sightingsOf } from './record.ts';
import { startVerdictWatch } from './watch.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

async function opened(changes: Partial<App> = {}) {
  const app = memoryApp(changes);
  await createRelease(app, RELEASE);
  return app;
}

const saidTo = (said: string[]) => (event: string) => void said.push(event);

/** Ticks each minute. */
async function minutes(
  app: { clock: { move(seconds: number): void } },
  watch: { tick(): Promise<void> },
  count: number,
) {
  for (let times = 0; times < count; times += 1) {
    app.clock.move(60);
    await watch.tick();
  }
}

function changesOf(entries: readonly LedgerEntry[]): readonly string[] {
  return entries.flatMap(({ event }) =>
    event.type === 'gates-judged' ? event.changes.map(({ gate, from, to }) => `${gate}: ${from} > ${to}`) : [],
  );
}

it('records the verdicts of a release once, and again only what turned', async () => {
  const app = await opened();
  const said: string[] = [];
  const watch = await startVerdictWatch(app, saidTo(said));
  await minutes(app, watch, 40);
  const first = await sightingsOf(app, RELEASE);
  const now = await judge(app, RELEASE, {});
  expect(changesOf(first).toSorted()).toEqual(
    now.gates.map(({ id, verdict }) => `${id}: null > ${verdict}`).toSorted(),
  );
  const closed = now.gates.find(({ verdict }) => verdict === 'failing' || verdict === 'no-data');
  if (closed === undefined) throw new Error('a gate of the small train is closed');
  const until = addSeconds(app.clock.now(), 3600);
  const waived = await waiveGate(app, { release: RELEASE, gate: closed.id, reason: 'known', until });
  expect(waived.ok).toBe(true);
  await minutes(app, watch, 3);
  const after = await sightingsOf(app, RELEASE, first.at(-1)?.seq);
  expect(changesOf(after)).toEqual([`${closed.id}: ${closed.verdict} > waived`]);
  await minutes(app, watch, 75);
  const ended = await sightingsOf(app, RELEASE, after.at(-1)?.seq);
  expect(changesOf(ended)).toEqual([`${closed.id}: waived > ${closed.verdict}`]);
  await watch.stop();
});

it('looks two minutes after something happened, and each ten minutes else', async () => {
  const app = await opened();
  let looks = 0;
  const counted: App = {
    ...app,
    git: {
      ...app.git,
      remoteRefs: async (...given) => {
        looks += 1;
        return app.git.remoteRefs(...given);
      },
    },
  };
  const watch = await startVerdictWatch(counted, saidTo([]));
  const looksIn = async (count: number): Promise<boolean> => {
    const before = looks;
    await minutes(app, watch, count);
    return looks > before;
  };
  expect(await looksIn(1)).toBe(false);
  expect(await looksIn(1)).toBe(true);
  // Its own entries are heard too: it looks once more, records nothing, and is calm.
  await minutes(app, watch, 30);
  const calm = async (): Promise<number> => {
    for (let times = 0; ; times += 1) if (await looksIn(1)) return times;
  };
  await calm();
  expect(await calm()).toBe(9);
  await freezeTrain(app, 'the key leaked');
  expect(await looksIn(1)).toBe(false);
  expect(await looksIn(1)).toBe(true);
  await watch.stop();
});

it('is done by one process of several; another takes over when that one ends', async () => {
  const app = await opened();
  const said: [string[], string[]] = [[], []];
  const [one, other] = [await startVerdictWatch(app, saidTo(said[0])), await startVerdictWatch(app, saidTo(said[1]))];
  const both = { tick: async () => void (await Promise.all([one.tick(), other.tick()])) };
  await minutes(app, both, 20);
  expect(said[0]).not.toEqual([]);
  expect(said[1]).toEqual([]);
  await one.stop();
  app.git.setRef('/remotes/core', branchRef('release/2.8'), BASE);
  await minutes(app, other, 12);
  expect(said[1]).not.toEqual([]);
  await other.stop();
});

it('gives one entry when two record the same at once', async () => {
  const app = await opened();
  const looks = await Promise.all(Array.from({ length: 5 }, () => recordVerdicts(app, RELEASE, NOTHING_KEPT)));
  expect(looks.filter(({ recorded }) => recorded !== null)).toHaveLength(1);
  expect(await sightingsOf(app, RELEASE)).toHaveLength(1);
  expect(new Set(looks.map(({ last }) => last.seq)).size).toBe(1);
});

it('goes on after a failure of the world, and tells it', async () => {
  const app = await opened();
  const failure = Object.assign(new Error('no answer'), { code: 'unavailable' });
  let fails = true;
  const ledger = await app.ledger();
  const shaky: App = {
    ...app,
    ledger: () =>
      Promise.resolve({ ...ledger, append: (...given) => (fails ? Promise.reject(failure) : ledger.append(...given)) }),
  };
  const said: string[] = [];
  const watch = await startVerdictWatch(shaky, saidTo(said));
  await minutes(app, watch, 3);
  expect(said).toEqual(['verdicts-not-recorded']);
  fails = false;
  await minutes(app, watch, 12);
  expect(said).toContain('verdicts-recorded');
  await watch.stop();
});

/** Makes and carries out a plan; `between` is done at each moment in between. */
async function story(between: (app: App) => Promise<unknown>) {
  const app = await opened();
  await between(app);
  const until = addSeconds(app.clock.now(), 86_400);
  for (const { id } of (await judge(app, RELEASE, {})).gates) {
    await waiveGate(app, { release: RELEASE, gate: id, reason: 'no forge here', until });
  }
  await between(app);
  const planned = await cutBranches(app, { release: RELEASE, dryRun: false });
  if (!planned.ok || planned.value.kind !== 'planned') throw new Error('the cut is planned');
  const { id, digest } = planned.value.view.plan;
  await between(app);
  const applied = await applyPlan(app, {
    id,
    confirmation: null,
    stop: new AbortController().signal,
    report: () => undefined,
  });
  await between(app);
  const entries = await entriesOf(app);
  return {
    digest,
    end: applied.ok ? applied.value.end : applied.problems,
    events: entries.map(({ event, actor }) => ({ event, actor })),
    judged: (await judge(app, RELEASE, {})).gates,
    seen: (await sightingsOf(app, RELEASE)).length,
  };
}

it('does not disturb a plan: nothing is judged, planned, approved or carried out on what was seen', async () => {
  const alone = await story(() => Promise.resolve());
  const watched = await story((app) => recordVerdicts(app, RELEASE, NOTHING_KEPT));
  expect(alone.end).toBe('finished');
  expect(watched.seen).toBeGreaterThan(1);
  expect({ ...watched, seen: 0 }).toEqual(alone);
});
