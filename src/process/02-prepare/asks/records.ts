import type { Instant } from '../../../domain/instant.ts';
import type { LedgerEntry } from '../../../domain/ledger-event.ts';
import type { CalendarDate } from '../../../domain/instant.ts';
import type { RepoKey } from '../../../domain/repo.ts';
import type { AskName } from '../../../domain/train/asks.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';

/** What a person recorded of an ask. */
export interface AskWord {
  readonly by: string;
  readonly at: Instant;
  readonly link: string | null;
  readonly note: string;
}

/** What the ledger holds of one ask: what cannot be observed. */
export interface AskRecord {
  readonly sent: AskWord | null;
  readonly answered: AskWord | null;
  /** Reminders that were given, with the day that was due then. */
  readonly reminded: readonly { readonly due: CalendarDate; readonly days: number }[];
  /** Number of the issue, by the receipt of the step that opened it. */
  readonly issue: number | null;
}

/** The hidden marker by which the issue of an ask is found; never its title. */
export function askMarker(name: AskName, release: ReleaseVersion): string {
  return `signalbox:ask ${name} ${release}`;
}

/** The step that opens the issue. */
export function askStepKey(repo: RepoKey, name: AskName, release: ReleaseVersion): string {
  return `create-issue:${repo}:ask ${name} ${release}`;
}

/** What was recorded of an ask for a release and not withdrawn since. */
export function foldAsk(entries: readonly LedgerEntry[], name: AskName, release: ReleaseVersion): AskRecord {
  let record: AskRecord = { sent: null, answered: null, reminded: [], issue: null };
  for (const { event, actor, at } of entries) {
    if (event.type === 'step-receipt' && event.release === release && event.step.endsWith(`:ask ${name} ${release}`)) {
      const number = Number(event.handle['number']);
      if (Number.isSafeInteger(number) && number > 0) record = { ...record, issue: number };
    }
    if (!('ask' in event) || event.ask !== name || event.release !== release) continue;
    record = after(record, event, { by: actor, at });
  }
  return record;
}

type AskEvent = Extract<LedgerEntry['event'], { readonly ask: unknown }>;

function after(record: AskRecord, event: AskEvent, who: Pick<AskWord, 'by' | 'at'>): AskRecord {
  switch (event.type) {
    case 'ask-sent':
      return { ...record, sent: { ...who, link: event.link, note: event.note } };
    case 'ask-answered':
      return { ...record, answered: { ...who, link: event.link, note: event.note } };
    case 'ask-withdrawn':
      return { ...record, [event.what]: null };
    case 'ask-reminded':
      return { ...record, reminded: [...record.reminded, { due: event.due, days: event.days }] };
  }
}
