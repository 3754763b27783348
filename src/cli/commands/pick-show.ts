import type { App } from '../../app/app.ts';
import { requestPick, showPick } from '../../app/picks.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import type { StandingPick } from '../output/pick-states.ts';
import { conflictText, type Conflict } from '../output/render-conflict.ts';
import { renderPick } from '../output/render-picks.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { pickRecord } from './pick-answer.ts';
import { livePicks, namedPull, notAsked } from './pick-name.ts';

interface Shown {
  readonly pick: StandingPick;
  /** What conflicts; null when nothing does. Left out where nobody asked. */
  readonly conflict?: Conflict | null;
}

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const named = namedPull(session, app);
  session.progress.doing(`Looking at ${named.repo}#${named.pr} ...`);
  const branches = session.flags.list('onto');
  const picks: StandingPick[] = [];
  for (const onto of branches) picks.push(valueOf(await showPick(app, { ...named, onto })));
  if (branches.length === 0) picks.push(...(await livePicks(app, named)));
  if (picks.length === 0) throw notAsked(named);
  const shown: Shown[] = [];
  for (const pick of picks) {
    shown.push(session.flags.has('conflict') ? { pick, conflict: await conflictOf(app, pick) } : { pick });
  }
  const asOf = app.clock.now();
  const who = await app.who();
  return {
    schema: 'pick-show',
    asOf,
    stale: false,
    exit: exitCode(shown.some(({ conflict }) => conflict !== undefined && conflict !== null) ? 'conflict' : 'done'),
    data: shown.map(({ pick, conflict }) => ({ ...pick, ...(conflict === undefined ? {} : { conflict }) })),
    records: shown.map(({ pick }) => pickRecord(pick)),
    lines: (room) =>
      shown.flatMap(({ pick, conflict }, index) => [
        ...(index === 0 ? [] : [BLANK]),
        ...renderPick(pick, { who, asOf }, room),
        ...conflictLines(conflict, room.width),
      ]),
  };
}

/** Tries the pick again without writing anything, and says what it meets. */
async function conflictOf(app: App, { record }: StandingPick): Promise<Conflict | null> {
  const { pick, class: name, fixes, askedBy } = record;
  const tried = valueOf(
    await requestPick(app, {
      repo: pick.repo,
      pr: pick.pr,
      onto: [pick.onto],
      class: name,
      fixes,
      by: askedBy,
      dryRun: true,
    }),
  );
  const problem = tried[0]?.problem ?? null;
  return problem?.code === 'conflict' ? problem : null;
}

function conflictLines(conflict: Conflict | null | undefined, width: number): readonly Line[] {
  if (conflict === undefined) return [];
  if (conflict === null) return [BLANK, line(shape('pass'), ' It meets no conflict.')];
  return [
    BLANK,
    line(span(`Conflicts on ${conflict.branch}`, 'strong')),
    // Commands to copy are never broken.
    ...conflictText(conflict).flatMap((text) =>
      /^ {2}(?:git|signalbox) /u.test(text) ? [line(`  ${text}`)] : paragraph(line(text), width, 2, 2),
    ),
  ];
}
