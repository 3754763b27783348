import { HandoverView, SyncView } from '../../api/views/papers.ts';
import type { App } from '../../app/app.ts';
import {
  openAsks,
  openDecisions,
  openPicks,
  releasePapers,
  waivedGates,
  type ReleasePapers,
} from '../../app/sync-agenda.ts';
import { agendaMarkdown, handoverMarkdown } from '../../app/sync-text.ts';
import { parseRelease } from '../../app/releases.ts';
import type { Instant } from '../../domain/instant.ts';
import { succeed } from '../../domain/result.ts';
import { lineOf } from '../../domain/version.ts';
import { handoverDoc } from '../../web/pages/handover.ts';
import { syncDoc } from '../../web/pages/sync.ts';
import { pageOf } from '../page.ts';
import { askView, outdatedAsk } from './ask-view.ts';
import { deadlineView } from './calendar-view.ts';
import { outdatedGate } from './outdated.ts';
import { peopleView } from './people-view.ts';
import { dutyView } from './todo.ts';

/** The agenda of the next meeting about a release: what `people agenda` writes. */
export const syncPage = pageOf<SyncView>({
  name: 'sync',
  path: '/r/:release/sync',
  summary: 'Agenda of the next sync of a release: blockers, deadlines, decisions, asks and picks, and the meetings',
  schema: SyncView,
  reads: [],
  budget: 60_000,
  read: async ({ app, params }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return parsed;
    const papers = await releasePapers(app, parsed.value);
    const { series, next, release } = papers;
    const { gates, duties } = openDecisions(papers);
    const owed = ({ who, duty }: (typeof duties)[number]) => ({ who, duty: dutyView(release, duty) });
    const view: SyncView = {
      ...commonOf(app, papers, agendaMarkdown(papers, app.loaded.train)),
      series: series.known
        ? {
            title: series.settings.title,
            zone: series.settings.zone,
            link: series.settings.link ?? null,
            meetings: series.meetings.map(({ number, date, starts, ends, tentative }) => ({
              number,
              date,
              starts,
              ends,
              tentative,
            })),
          }
        : null,
      noSeries: series.known ? null : { why: series.why, fix: series.fix },
      next: next?.number ?? null,
      decide: { gates, duties: duties.map(owed) },
      picks: openPicks(papers).map(owed),
    };
    return succeed({ view, asOf: papers.at, stale: isUnread(papers) });
  },
  doc: syncDoc,
  outdated: (view, readAt) => ({
    ...outdatedPaper(view, readAt),
    decide: {
      ...view.decide,
      gates: view.decide.gates.map((gate) => outdatedGate(gate, view.release, readAt)),
    },
  }),
});

/** What whoever takes a release over has to know: what `people handover` writes. */
export const handoverPage = pageOf<HandoverView>({
  name: 'handover',
  path: '/r/:release/handover',
  summary: 'What whoever takes a release over must know: who does what, what is open, waived, owed and asked',
  schema: HandoverView,
  reads: [],
  budget: 60_000,
  read: async ({ app, params }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return parsed;
    const papers = await releasePapers(app, parsed.value);
    const { release, status, people, todo } = papers;
    const { train } = app.loaded;
    const view: HandoverView = {
      ...commonOf(app, papers, handoverMarkdown(papers, train)),
      people: peopleView(people, { title: train.title, releases: [release] }),
      later: status.later,
      waived: waivedGates(papers),
      owed: todo.people.map(({ who, duties }) => ({ who, duties: duties.map((duty) => dutyView(release, duty)) })),
    };
    return succeed({ view, asOf: papers.at, stale: isUnread(papers) });
  },
  doc: handoverDoc,
  outdated: (view, readAt) => ({
    ...outdatedPaper(view, readAt),
    later: view.later.map((gate) => outdatedGate(gate, view.release, readAt)),
  }),
});

function isUnread({ todo, asks }: ReleasePapers): boolean {
  return todo.picksUnread !== null || !asks.known;
}

type Common = Pick<SyncView, 'release' | 'title' | 'blocking' | 'due' | 'asks' | 'asksUnread' | 'picksUnread' | 'text'>;

function commonOf(app: App, papers: ReleasePapers, text: string): Common {
  const { release, status, due, asks, todo, at } = papers;
  const { train } = app.loaded;
  return {
    release,
    title: train.title,
    blocking: status.blocking,
    due: due.map((one) => deadlineView(lineOf(release), one)),
    asks: openAsks(papers).map((standing) => askView(standing, { train, release, now: at })),
    asksUnread: asks.known ? null : asks.reason,
    picksUnread: todo.picksUnread,
    text,
  };
}

/** A paper that was read too long ago: what it says holds no more, and its text says so where it is pasted. */
function outdatedPaper<View extends Common>(view: View, readAt: Instant): View {
  const { release, blocking, asks, text } = view;
  return {
    ...view,
    blocking: blocking.map((gate) => outdatedGate(gate, release, readAt)),
    asks: asks.map((ask) => outdatedAsk(ask, release, readAt)),
    text: `Not read since ${readAt.slice(0, 16).replace('T', ' ')} UTC: this may not hold any more.\n\n${text}`,
  };
}
