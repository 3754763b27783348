import type { Triage, TriageRow } from '../../app/patch/triage.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { many } from '../../domain/words.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { unreadLines } from './reports.ts';
import { shape, type State } from './shapes.ts';

const SUGGESTS = {
  accept: { state: 'needs-you', word: 'suggests: accept' },
  decline: { state: 'needs-you', word: 'suggests: decline' },
  unknown: { state: 'no-data', word: 'suggests: unknown' },
} as const satisfies Record<TriageRow['suggestion']['suggests'], { readonly state: State; readonly word: string }>;

/** The inbox: each open candidate with the evidence for each criterion, then what was decided. */
export function renderTriage(triage: Triage, room: Room & { readonly asOf: Instant }): readonly Line[] {
  const { release, label, rows, elsewhere, unread } = triage;
  const open = rows.filter(({ decision }) => decision === null);
  const decided = rows.filter(({ decision }) => decision !== null);
  return [
    ...spread(
      line(span(`Triage of ${release}`, 'strong'), `  label "${label}"`),
      freshness(room.asOf, room.now),
      room.width,
    ),
    ...open.flatMap((row) => [BLANK, ...renderCandidate(row, release, room)]),
    ...(decided.length + elsewhere.length === 0 ? [] : [BLANK, line(span('Decided', 'strong'))]),
    ...decided.flatMap((row) => decidedLines(row, room)),
    ...elsewhere.flatMap(({ repo, item, verdict, by, reason }) =>
      paragraph(
        line(shape(stateOf(verdict)), ` ${repo}#${item} ${verdict} by @${by}, without the label now: ${reason}`),
        room.width,
        0,
        4,
      ),
    ),
    BLANK,
    ...unreadLines(unread, room.width),
    ...paragraph(tail(open.length, rows.length, unread.length > 0), room.width, 0, 2),
  ];
}

function tail(open: number, all: number, isUnread: boolean): Line {
  if (open > 0) return line(shape('needs-you'), ` ${many(open, 'candidate')} of ${all} to decide about.`);
  if (isUnread) return line(shape('no-data'), ' Nothing to decide about in what could be read.');
  if (all === 0) return line(shape('pass'), ' Nothing carries the label.');
  return line(shape('pass'), ` Everything is decided: ${many(all, 'candidate')}.`);
}

function stateOf(verdict: 'accepted' | 'declined'): State {
  return verdict === 'accepted' ? 'pass' : 'skipped';
}

function decidedLines({ facts, decision }: TriageRow, room: Room): readonly Line[] {
  if (decision === null) return [];
  const { verdict, by, people, reason } = decision;
  const others = people.length === 0 ? '' : ` with ${people.map((login) => `@${login}`).join(', ')}`;
  const text = ` ${facts.repo}#${facts.item.number} ${verdict} by @${by}${others}: ${reason}`;
  return paragraph(line(shape(stateOf(verdict)), text), room.width, 0, 4);
}

/** One candidate: what it is, the answer to each criterion with its evidence, where its fix is, and how to decide. */
export function renderCandidate(row: TriageRow, release: string, room: Room): readonly Line[] {
  const { facts, suggestion, decision } = row;
  const { repo, item } = facts;
  const { state, word } = SUGGESTS[suggestion.suggests];
  const kind = item.isPullRequest ? 'pull request' : 'issue';
  const head = line(
    shape(decision === null ? state : stateOf(decision.verdict)),
    ' ',
    span(`${repo} #${item.number}`, 'strong'),
    `  ${item.title} `,
    span(`(${kind} of @${item.author}${item.open ? '' : ', closed'}; ${word})`, 'mute'),
  );
  const milestone = item.milestone === null ? [] : [labelled('milestone', item.milestone, room)].flat();
  return [
    ...paragraph(head, room.width, 0, 4),
    ...suggestion.criteria.flatMap(({ id, answer, signs, why }) => {
      const said = signs.map(({ speaks, text }) => (answer === 'unknown' ? `${speaks}: ${text}` : text));
      return labelled(answer, `${id}: ${[...said, ...(why === null ? [] : [why])].join('; ')}`, room);
    }),
    ...labelled('fix', fixText(row), room),
    ...milestone,
    ...(decision === null
      ? [
          ...labelled('so', `${suggestion.because}; people decide`, room),
          line(`    decide: signalbox patch decide ${release} --issue ${item.number} --repo ${repo}`),
          line('            --accept|--reject -m WHY'),
        ]
      : decidedLines(row, { ...room, width: room.width - 4 }).map((each) => [span('    '), ...each])),
  ];
}

/** A column for the word, so that the answers stand below each other however long they are. */
function labelled(word: string, text: string, room: Room): readonly Line[] {
  return paragraph(line(text), room.width, 13, 0).map((each, index) =>
    index === 0 ? [span(`    ${word.padEnd(9)}`), ...each.slice(1)] : each,
  );
}

const FIX_WORDS = {
  'on-line': 'and the release branch has it',
  missing: 'and the release branch lacks it',
  partial: 'and only a part of it is on the release branch',
  unsure: 'and whether the release branch has it is not sure',
  'not-wanted': 'and main took it back',
} as const;

function fixText({ facts }: TriageRow): string {
  const { fix } = facts;
  if (!fix.known) return `unknown: ${fix.reason}`;
  const { verdict, commits } = fix.value;
  if (verdict === 'no-commit') return 'no commit of main says that it is the fix';
  const named = commits.map(({ commit, pull }) => `${shortId(commit)}${pull === null ? '' : ` (#${pull})`}`);
  return `on main as ${named.join(', ')}, ${FIX_WORDS[verdict]}`;
}
