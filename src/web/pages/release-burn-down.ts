import type { ReleaseView } from '../../api/views/release.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Block, PageRoom, Picture } from '../doc.ts';
import { exactDay } from './release-dates.ts';

type Steps = Extract<Picture, { readonly kind: 'steps' }>;
type Points = Steps['series'][number]['points'];

/** How what keeps the release back became less: blockers and picks over time, with the dates of the calendar. */
export function burnDownBlocks(view: ReleaseView, room: PageRoom): readonly Block[] {
  const { burnDown, release } = view;
  if (burnDown.length === 0) {
    return [
      {
        kind: 'paragraph',
        text: 'Nothing was recorded yet. A server that watches the train, signalbox serve, records within minutes how many gates block and how many picks are open, and again whenever that changes.',
      },
    ];
  }
  const picks = (part: 'open' | 'waiting'): Points =>
    burnDown.flatMap((each) => (each.picks === null ? [] : [{ at: each.at, value: each.picks[part] }]));
  const series = [
    { name: 'Blocking gates', points: burnDown.map(({ at, blockers }) => ({ at, value: blockers })) },
    { name: 'Open picks', points: picks('open') },
    { name: 'Waiting picks', points: picks('waiting') },
  ].filter(({ points }) => points.length > 0);
  return [
    {
      kind: 'picture',
      id: 'burn-down',
      caption: `What kept ${release} back: gates that block the next step, picks that are open, and those of them that wait for a person`,
      picture: { kind: 'steps', unit: '', series, marks: marksOf(view), now: room.now },
    },
  ];
}

function mark(name: string, at: Instant | null): Steps['marks'] {
  return at === null ? [] : [{ name, at }];
}

/** The dates of the release that have an exact moment. */
function marksOf({ cut, day, due, final }: ReleaseView): Steps['marks'] {
  return [
    ...mark('Branch cut', exactDay(cut)),
    ...due.flatMap(({ id, due: at }) => mark(id, at)),
    ...(final === null ? [] : mark(`${final.candidate} final`, final.at)),
    ...mark('Release day', exactDay(day)),
  ];
}
