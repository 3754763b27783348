import type { AskState } from '../../domain/ask.ts';
import { dueText } from '../../domain/due.ts';
import { dayText } from '../../domain/time-text.ts';
import type { AskName } from '../../domain/train/asks.ts';
import { whoActs, whoIsCalled } from '../../domain/train/stand-in.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Forge } from '../../ports/forge.ts';
import {
  askMayBeDue,
  askReminderMarker,
  dueAskReminders,
  foldAsk,
  type AskRecord,
  type AskReminder,
} from '../../process/02-prepare/index.ts';
import { code, inline, mention } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { askStandings } from '../asks/standing.ts';
import { coreTracker } from '../picks/tracker.ts';
import { entriesOf } from '../record.ts';
import { listReleases } from '../releases.ts';
import { tellOnce } from './tell-once.ts';

/**
 * Reminds whoever sees to an ask, in the tracker, on each of its days before it is due, once. Those who were asked are not written to: whether and how they are
 * pressed is a person's choice (docs/decisions/0250). Answers how many were reminded.
 */
export async function remindAsks(app: App): Promise<number> {
  const { forge } = app;
  if (forge === null) return 0;
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  let told = 0;
  for (const { release } of live) told += await remindOf(app, forge, release);
  return told;
}

async function remindOf(app: App, forge: Forge, release: ReleaseVersion): Promise<number> {
  const now = app.clock.now();
  const entries = await entriesOf(app, release);
  const about = { recordOf: (name: AskName): AskRecord => foldAsk(entries, name, release), now };
  // The world is read only when something can be due.
  if (!askMayBeDue(app.loaded.train, release, about)) return 0;
  const tracker = await coreTracker(app, release);
  if (tracker === null) return 0;
  let told = 0;
  for (const reminder of dueAskReminders(await askStandings(app, release), release, about)) {
    const marker = askReminderMarker(reminder, release);
    const isNew = await tellOnce(app, forge, { ...tracker, marker, text: reminderText(app, reminder, release) });
    const ledger = await app.ledger();
    await ledger.append(app.loaded.train.train, [{ at: now, actor: await app.who(), event: reminder.record }]);
    told += isNew ? 1 : 0;
  }
  return told;
}

const HOW: Record<AskState, string> = {
  'to-send': 'was not asked yet',
  sent: 'was asked and is not done',
  unknown: 'cannot be seen right now',
  'not-yet': 'may not be asked yet',
  done: 'is done',
};

function reminderText(app: App, { standing, to }: AskReminder, release: ReleaseVersion): string {
  const { name, ask, state, text, due } = standing;
  const { train } = app.loaded;
  const now = app.clock.now();
  const acting = whoActs(train, to, now);
  const stands =
    acting?.is === 'stands-in' ? ` (for ${inline(acting.for)}, away until ${dayText(acting.until, now)})` : '';
  const who = `${whoIsCalled(train, to, now).slice(0, 6).map(mention).join(' ')}${stands}`;
  return `${who} ${inline(text.title, 120)} (${inline(ask.to, 60)}) ${HOW[state]}; ${dueText(due, now)}: ${code(`signalbox ask show ${release} ${name}`)}`;
}
