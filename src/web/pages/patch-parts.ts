import type { BriefView, CandidateView, OwedView, PatchView } from '../../api/views/patch.ts';
import { changeHref } from '../../domain/page-path.ts';
import type { Block, PageRoom, Rich, Row, State } from '../doc.ts';
import { candidateActions, goActions, planActions } from './patch-actions.ts';

const ANSWER = { yes: 'pass', no: 'failing', unknown: 'no-data' } as const satisfies Record<string, State>;
const SUGGESTS = { accept: 'pass', decline: 'failing', unknown: 'no-data' } as const satisfies Record<string, State>;

/** The inbox: open candidates first, each opened to its evidence and its decision. */
export function triageSection(view: PatchView, room: PageRoom): Block {
  const { triage, release } = view;
  const { label = '', candidates = [], unread = [] } = triage ?? {};
  const open = candidates.filter(({ decision }) => decision === null);
  const decided = candidates.filter(({ decision }) => decision !== null);
  return {
    kind: 'section',
    id: 'triage',
    heading: 'Triage',
    aside: { kind: 'code', text: `signalbox patch triage ${release}` },
    blocks: [
      ...unread.map((each) => unreadNotice(each)),
      {
        kind: 'table',
        id: 'candidates',
        caption: `Labelled "${label}"`,
        columns: [
          { key: 'item', name: 'Candidate' },
          { key: 'suggests', name: 'Evidence suggests' },
          { key: 'fix', name: 'Fix' },
          { key: 'decision', name: 'Decision' },
        ],
        groups: [
          { name: 'To decide', rows: open.map((candidate) => candidateRow(release, candidate, room)) },
          { name: 'Decided', rows: decided.map((candidate) => candidateRow(release, candidate, room)) },
        ].filter(({ rows }) => rows.length > 0),
        empty: `Nothing carries the label "${label}". Whoever finds a regression labels its issue.`,
      },
      { kind: 'actions', actions: planActions(release, room) },
    ],
  };
}

function unreadNotice({ repo, reason }: { readonly repo: string; readonly reason: string }): Block {
  return {
    kind: 'notice',
    tone: 'warn',
    text: `${repo} could not be read: ${reason}`,
    next: { kind: 'code', text: 'signalbox doctor' },
  };
}

function candidateRow(release: string, candidate: CandidateView, room: PageRoom): Row {
  const { repo, item, title, author, isPullRequest, open, link, suggests, because, fix, decision } = candidate;
  const kind = `${isPullRequest ? 'pull request' : 'issue'}${open ? '' : ', closed'}`;
  return {
    key: `${repo}-${item}`,
    cells: [
      [
        { kind: 'link', href: link, text: `${repo}#${item}` },
        ` ${title} (${kind} of `,
        { kind: 'person', login: author },
        ')',
      ],
      { kind: 'state', state: SUGGESTS[suggests], word: suggests },
      [{ kind: 'state', state: fix.state }, ` ${fix.text}`],
      decision === null ? 'open' : decisionText(decision),
    ],
    details: [
      { kind: 'paragraph', text: `The evidence suggests ${suggests}: ${because}. People decide.` },
      { kind: 'list', items: candidate.criteria.map((criterion) => criterionText(criterion)) },
    ],
    actions: candidateActions(release, candidate, room),
  };
}

function decisionText({ verdict, by, people, reason }: NonNullable<CandidateView['decision']>): Rich {
  const others = people.length === 0 ? '' : ` with ${people.map((login) => `@${login}`).join(', ')}`;
  return [
    { kind: 'state', state: verdict === 'accepted' ? 'pass' : 'skipped', word: verdict },
    ' by ',
    { kind: 'person', login: by },
    `${others}: ${reason}`,
  ];
}

function criterionText({ question, answer, why, signs }: CandidateView['criteria'][number]): Rich {
  return [
    { kind: 'state', state: ANSWER[answer], word: answer },
    ` ${question} `,
    ...signs.flatMap(({ speaks, text, link }): readonly Exclude<Rich, readonly unknown[]>[] => [
      `[${speaks}] `,
      link === null ? text : { kind: 'link', href: link, text },
      '; ',
    ]),
    why ?? '',
  ];
}

/** The case for go or no-go, as it is printed, with the decision. */
export function briefSection(release: string, brief: BriefView, room: PageRoom): Block {
  const { accepted, declined, undecided, parts, decision } = brief;
  return {
    kind: 'section',
    id: 'brief',
    heading: 'Go or no-go',
    aside: { kind: 'code', text: `signalbox patch brief ${release}` },
    blocks: [
      { kind: 'paragraph', text: `${accepted} accepted, ${declined} declined, ${undecided} undecided.` },
      ...parts.map(({ head, rows }): Block => ({
        kind: 'section',
        id: `brief-${head.toLowerCase()}`,
        heading: head,
        blocks: [
          {
            kind: 'list',
            items: rows.map(({ state, text }) => (state === null ? text : [{ kind: 'state', state }, ` ${text}`])),
          },
        ],
      })),
      {
        kind: 'section',
        id: 'brief-decision',
        heading: 'Decision',
        blocks: [
          { kind: 'list', items: [goText(decision), ...decision.words.map((word) => wordText(word))] },
          { kind: 'actions', actions: goActions(release, room) },
        ],
      },
    ],
  };
}

const GO = { open: 'needs-you', agreeing: 'needs-you', go: 'pass', 'no-go': 'failing' } as const;

function goText({ is, goPeople, words, isOfAnother }: BriefView['decision']): Rich {
  const needed = goPeople === 1 ? 'a release manager' : `${goPeople} release managers`;
  const text =
    is === 'open'
      ? ` nobody has decided; ${needed} must say go`
      : is === 'agreeing'
        ? ` ${words.length} of ${goPeople} said go`
        : '';
  const since = isOfAnother ? '; candidates were accepted or declined since' : '';
  return [{ kind: 'state', state: GO[is], word: is }, `${text}${since}`];
}

function wordText({ by, people, reason, at }: BriefView['decision']['words'][number]): Rich {
  const others = people.length === 0 ? '' : ` with ${people.map((login) => `@${login}`).join(', ')}`;
  return [{ kind: 'time', at, form: 'date' }, ' ', { kind: 'person', login: by }, `${others}: ${reason}`];
}

/** Fixes without a pick, and until when. */
export function owedSection(release: string, owed: OwedView | { readonly reason: string }): Block {
  return {
    kind: 'section',
    id: 'owed',
    heading: 'Picks owed',
    aside: { kind: 'code', text: `signalbox patch owed ${release}` },
    blocks:
      'reason' in owed
        ? [{ kind: 'notice', tone: 'warn', text: `Who owes a pick could not be read: ${owed.reason}` }]
        : owedBlocks(release, owed),
  };
}

function owedBlocks(release: string, { deadline, isLate, picks, unclear, unread }: OwedView): readonly Block[] {
  const until: Rich =
    deadline === null
      ? 'The calendar does not say until when picks are taken.'
      : [
          isLate ? 'Picks closed ' : 'Picks close ',
          { kind: 'time', at: deadline, form: 'minute' },
          ', and that is final.',
        ];
  return [
    { kind: 'paragraph', text: until },
    ...unread.map((each) => unreadNotice(each)),
    ...(unclear.length === 0
      ? []
      : [
          {
            kind: 'notice' as const,
            tone: 'info' as const,
            text: `Not clear whether the branch has them: ${unclear.join(', ')}`,
            next: { kind: 'code' as const, text: `signalbox pick missing ${release}` },
          },
        ]),
    {
      kind: 'table',
      id: 'owed-picks',
      caption: isLate ? 'Not included: posted by nobody before the deadline' : 'On main, and asked for by nobody',
      columns: [
        { key: 'change', name: 'Change' },
        { key: 'author', name: 'Author' },
        { key: 'for', name: 'For' },
        { key: 'asked', name: 'Asked' },
      ],
      groups: [{ name: null, rows: picks.map((pick) => owedRow(pick)) }],
      empty: unread.length === 0 ? 'Nobody owes a pick.' : 'Nobody owes a pick in what could be read.',
    },
  ];
}

function owedRow({ repo, pull, title, author, items, askedAt }: OwedView['picks'][number]): Row {
  return {
    key: `${repo}-${pull}`,
    cells: [
      [{ kind: 'link', href: changeHref({ repo, pr: pull }), text: `${repo}#${pull}` }, ` ${title}`],
      author === null ? 'unknown' : { kind: 'person', login: author },
      items.map((item) => `#${item}`).join(', '),
      askedAt === null ? 'not yet' : { kind: 'time', at: askedAt, form: 'date' },
    ],
  };
}

/** The phases with their days; decided ones, or those that would be proposed. */
export function scheduleSection(release: string, schedule: NonNullable<PatchView['schedule']>): Block {
  const { day, by, phases, warnings } = schedule;
  return {
    kind: 'section',
    id: 'schedule',
    heading: 'Schedule',
    aside: { kind: 'code', text: `signalbox patch schedule ${release} --dry-run` },
    blocks: [
      {
        kind: 'facts',
        rows: [
          ...phases.map(({ id, from, to }) => ({ name: id, value: from === to ? from : `${from} to ${to}` })),
          {
            name: 'Release',
            value: by === null ? `${day}, proposed` : [`${day}, decided by `, { kind: 'person' as const, login: by }],
          },
        ],
      },
      ...warnings.map((text): Block => ({ kind: 'notice', tone: 'warn', text })),
    ],
  };
}
