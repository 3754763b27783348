import { LogView } from '../../api/views/log.ts';
import type { App } from '../../app/app.ts';
import { hasVerdicts, lastEntry, readEntry, readLogPage, verifyLog } from '../../app/log.ts';
import { parseRelease } from '../../app/releases.ts';
import { eventText } from '../../domain/event-text.ts';
import { EVENT_TYPES, releaseOfEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import { refuse, succeed } from '../../domain/result.ts';
import { logDoc } from '../../web/pages/log.ts';
import { pageOf } from '../page.ts';

/** So many entries are one page. */
const MOST = 200;

const NOTHING = { entries: [], more: false };

/** What happened on the train, by whom. */
export const logPage = pageOf<LogView>({
  name: 'log',
  path: '/log',
  summary: 'Every event of the train, newest first, with filters; one by its number; whether the chain of hashes holds',
  schema: LogView,
  reads: ['release', 'who', 'type', 'actions', 'verdicts', 'seq', 'before', 'verify'],
  budget: 5000,
  read: async ({ app, query }) => {
    const typed = query['release'] ?? '';
    const release = typed === '' ? null : parseRelease(typed);
    if (release?.ok === false) return release;
    const [seq, before] = [numberIn(query['seq']), numberIn(query['before'])];
    if (seq === 'none' || before === 'none') {
      return refuse({
        kind: 'usage',
        code: 'not-an-entry',
        text: 'Entries have whole numbers from 1. List them: signalbox log',
      });
    }
    const of = release === null ? null : release.value;
    const type = EVENT_TYPES.find((known) => known === query['type']) ?? null;
    const shown = query['actions'] === '1' ? 'actions' : query['verdicts'] === '1' ? 'all' : 'usual';
    const who = (query['who'] ?? '').replace(/^@/u, '');
    const one = seq === null ? null : await readEntry(app, seq);
    if (seq !== null && one === null) {
      return refuse({
        kind: 'usage',
        code: 'entry-unknown',
        text: `The log has no entry ${seq}. List them: signalbox log`,
      });
    }
    const isNone = (query['type'] ?? '') !== '' && type === null;
    const page = { release: of, shown, type, who: who === '' ? null : who, before, most: MOST } as const;
    const { entries, more } =
      one === null ? (isNone ? NOTHING : await readLogPage(app, page)) : { entries: [one], more: false };
    const view: LogView = {
      title: app.loaded.train.title,
      entries: entries.map(entryView),
      more,
      leftOut: one === null && type === null && shown === 'usual' && (await hasVerdicts(app, of ?? undefined)),
      last: await lastEntry(app),
      types: [...EVENT_TYPES],
      check: query['verify'] === '1' ? await checkOf(app) : null,
    };
    return succeed({ view, asOf: app.clock.now(), stale: false });
  },
  doc: logDoc,
});

function numberIn(text: string | undefined): number | null | 'none' {
  if (text === undefined || text === '') return null;
  return /^[1-9]\d{0,8}$/u.test(text) ? Number(text) : 'none';
}

function entryView({ seq, at, actor, event, hash, prev }: LedgerEntry): LogView['entries'][number] {
  const plan = 'plan' in event ? (typeof event.plan === 'string' ? event.plan : event.plan.id) : null;
  return { seq, at, actor, release: releaseOfEvent(event), type: event.type, text: eventText(event), plan, hash, prev };
}

async function checkOf(app: App): Promise<LogView['check']> {
  const { entries, head, faults } = await verifyLog(app);
  return { entries, head, faults: faults.map(({ seq, text }) => ({ seq, text })) };
}
