import { lastDay, dueText, isPastDue, type Due } from '../../../domain/due.ts';
import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../../domain/gate.ts';
import { dateOf, type Instant } from '../../../domain/instant.ts';
import { listed } from '../../../domain/listed.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import { cutEnd, neutral } from '../../../domain/plain-text.ts';
import { dayText } from '../../../domain/time-text.ts';
import { patchNumber, type ReleaseVersion } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';
import type { Chosen, Tutorial } from './read.ts';

/** What the gate `tutorials` rests on. */
export interface TutorialsToJudge {
  readonly release: ReleaseVersion;
  readonly chosen: Chosen;
  readonly tutorials: Observed<readonly Tutorial[]>;
  /** Until when they must be submitted for review. */
  readonly due: Due;
  /** The day of the release itself, by which they must be merged. */
  readonly releaseDue: Due;
  readonly owners: readonly string[];
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const ID = GateId.parse('tutorials');

/**
 * The gate `tutorials`: submitted for review by their day, and merged by the release. Seed: "Submitting Tutorials". In between they are under review, which is no
 * delay of theirs (docs/decisions/0280).
 */
export function decideTutorials(judged: TutorialsToJudge): Gate {
  const { owners, waivers, now } = judged;
  return withWaiver({ ...emptyGate(ID, owners), ...said(judged) }, waivers, now);
}

type Said = Partial<Gate> & Pick<Gate, 'summary'>;

function said(judged: TutorialsToJudge): Said {
  const { release, tutorials, due, chosen, now } = judged;
  const rerun = `signalbox gate run ${release} ${ID}`;
  if (patchNumber(release) > 0)
    return { verdict: 'skipped', summary: `tutorials are for features, and ${release} is a patch release` };
  const { at, source } = tutorials;
  if (!tutorials.known) {
    const evidence = [{ text: tutorials.reason, source, at }];
    return { summary: `could not be read: ${tutorials.reason}`, evidence, fix: `make it readable, then ${rerun}` };
  }
  const ordered = tutorials.value
    .map((one) => ({ one, standing: standingOf(one, judged) }))
    .toSorted((left, right) => ORDER.indexOf(left.standing) - ORDER.indexOf(right.standing));
  const evidence = ordered.map(({ one, standing }) => evidenceOf(one, standing, { at, source, now }));
  if (due.kind === 'unplanned') {
    const fix = `give calendar.cadence the date of the release; see signalbox calendar show ${release}`;
    return { summary: 'the calendar has no day of the release, so nobody knows what is late', evidence, fix };
  }
  if (ordered.length === 0) return none({ chosen, due, now, release });
  return { evidence, ...counted(ordered, judged) };
}

/** Late ones first: they are what people ask for. */
const ORDER = ['late', 'undecided', 'review', 'settled', 'merged'] as const;
/**
 * `late`: submitted after its day, or not merged on the day of the release. `undecided`: closed, and by no person. `review`: in time, not merged yet. `settled`:
 * a person closed it without merging it.
 */
type TutorialStanding = (typeof ORDER)[number];

function standingOf(tutorial: Tutorial, { due, releaseDue, now }: TutorialsToJudge): TutorialStanding {
  const { state, openedAt, closedBy } = tutorial;
  switch (state) {
    case 'merged':
      return 'merged';
    case 'closed':
      return closedBy === null || isMachine(closedBy) ? 'undecided' : 'settled';
    case 'draft':
    case 'open': {
      if (!isPastDue(due, now)) return 'review';
      const last = lastDay(due);
      const isSubmittedLate = state === 'draft' || (last !== null && dateOf(openedAt) > last);
      return isSubmittedLate || isPastDue(releaseDue, now) ? 'late' : 'review';
    }
  }
}

/** GitHub marks the logins of apps; what closes for age is none of the people whose decision it is. */
function isMachine(login: string): boolean {
  return login.endsWith('[bot]') || login === 'ghost';
}

interface Standing {
  readonly one: Tutorial;
  readonly standing: TutorialStanding;
}

function counted(
  all: readonly Standing[],
  { release, due, releaseDue, now }: TutorialsToJudge,
): Omit<Said, 'evidence'> {
  const rerun = `signalbox gate run ${release} ${ID}`;
  const of = (standing: TutorialStanding) => all.filter((each) => each.standing === standing).map(({ one }) => one);
  const [late, undecided, review] = [of('late'), of('undecided'), of('review')];
  const isDone = late.length + undecided.length + review.length === 0;
  const merged = `${of('merged').length} of ${many(all.length - of('settled').length, 'tutorial')} merged`;
  if (late.length > 0)
    return {
      verdict: 'failing',
      summary: `${merged}; ${late.length} late: ${listed(late.map(({ number, author }) => `#${number} @${author}`))}`,
      fix: `merge them, or close what does not come with ${release}; then ${rerun}`,
    };
  if (undecided.length > 0)
    return {
      verdict: 'needs-you',
      summary: `${merged}; closed by no person: ${listed(undecided.map(({ number }) => `#${number}`))}`,
      fix: `reopen what comes with ${release}, take the others out of the list; then ${rerun}`,
    };
  if (isDone) {
    if (of('merged').length === 0)
      return {
        verdict: 'needs-you',
        summary: `${many(all.length, 'tutorial')}, all closed without being merged`,
        fix: `signalbox gate waive ${release} ${ID} if there are to be none; else ${rerun}`,
      };
    return { verdict: 'pass', summary: merged };
  }
  const left = review.length;
  return isPastDue(due, now)
    ? {
        verdict: 'running',
        summary: `${merged}; ${left} under review, submitted in time; merged by the release, ${dueText(releaseDue, now)}`,
        fix: `merge them on the release day, then ${rerun}`,
      }
    : { verdict: 'queued', summary: `${merged}; ${left} left; ${dueText(due, now)}`, fix: rerun };
}

/** None at all may be right, and may be a label that nobody put on: a person says which. */
function none({ chosen, due, now, release }: Pick<TutorialsToJudge, 'chosen' | 'due' | 'now' | 'release'>): Said {
  const text = `no pull request has the ${chosen.by} "${cutEnd(neutral(chosen.name), 60)}"`;
  if (!isPastDue(due, now))
    return {
      verdict: 'queued',
      summary: `${text} yet; ${dueText(due, now)}`,
      fix: `signalbox gate run ${release} ${ID}`,
    };
  return {
    verdict: 'needs-you',
    summary: `${text}; ${dueText(due, now)}`,
    fix: `mark the tutorials of ${release}; if there are none: signalbox gate waive ${release} ${ID}`,
  };
}

const WORDS: Readonly<Record<TutorialStanding, string>> = {
  late: 'late',
  undecided: 'closed by no person',
  review: 'to be merged',
  settled: 'not coming',
  merged: 'merged',
};

function evidenceOf(
  { number, title, author, openedAt, state, closedBy, link }: Tutorial,
  standing: TutorialStanding,
  { at, source, now }: { readonly at: Instant; readonly source: string; readonly now: Instant },
): Evidence {
  const short = cutEnd(neutral(title.slice(0, 1000)), 100);
  const closed = closedBy === null ? '' : ` by @${closedBy}`;
  const how = state === 'merged' ? '' : ` (${state}${closed}, opened ${dayText(dateOf(openedAt), now)})`;
  return { text: `${WORDS[standing]}: #${number} ${short}, by @${author}${how}`, link, source, at };
}
