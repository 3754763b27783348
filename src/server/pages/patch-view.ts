import type { PatchView } from '../../api/views/patch.ts';
import type { Brief } from '../../app/patch/brief.ts';
import { briefParts, fixWords } from '../../app/patch/brief-parts.ts';
import type { Triage } from '../../app/patch/triage.ts';
import type { Instant } from '../../domain/instant.ts';

/** The inbox as its page shows it. */
export function triageView({ label, rows, unread }: Triage): PatchView['triage'] {
  return {
    label,
    unread: [...unread],
    candidates: rows.map(({ facts, suggestion, decision }) => {
      const { number, title, author, isPullRequest, open, milestone, link } = facts.item;
      return {
        repo: facts.repo,
        item: number,
        title,
        author,
        isPullRequest,
        open,
        milestone,
        link,
        suggests: suggestion.suggests,
        because: suggestion.because,
        criteria: suggestion.criteria.map(({ signs, ...criterion }) => ({ ...criterion, signs: [...signs] })),
        fix: fixWords(facts.fix),
        decision:
          decision === null
            ? null
            : {
                verdict: decision.verdict,
                by: decision.by,
                people: [...decision.people],
                reason: decision.reason,
              },
      };
    }),
  };
}

/** The case for go or no-go, in the sentences of the command line. */
export function briefView(brief: Brief): PatchView['brief'] {
  const { accepted, counts, decision, goPeople, digest } = brief;
  const words = decision.is === 'open' ? [] : decision.words;
  return {
    accepted: accepted.length,
    declined: counts.declined,
    undecided: counts.open,
    parts: briefParts(brief).map(({ head, rows }) => ({
      head,
      rows: rows.map(({ state, text, more }) => ({ state, text: more === undefined ? text : `${text}: ${more}` })),
    })),
    decision: {
      is: decision.is,
      goPeople,
      words: words.map(({ by, people, reason, at }) => ({ by, people: [...people], reason, at })),
      isOfAnother: words.some((word) => word.brief !== digest),
    },
  };
}

/** Who owes a pick, or why that is not known. */
export function owedView(owed: Brief['owed'], now: Instant): PatchView['owed'] {
  if (!owed.known) return { reason: owed.reason };
  const { owed: picks, unclear, unread, deadline } = owed.value;
  return {
    deadline,
    isLate: deadline !== null && deadline < now,
    picks: picks.map(({ repo, pull, title, author, items, askedAt }) => ({
      repo,
      pull,
      title,
      author,
      askedAt,
      items: [...items],
    })),
    unclear: unclear.map(({ repo, item }) => `${repo}#${item}`),
    unread: [...unread],
  };
}

export function scheduleView(dates: Brief['dates']): PatchView['schedule'] {
  if (dates.are === 'none') return null;
  const { day, phases } = dates.schedule;
  return {
    day,
    by: dates.are === 'decided' ? dates.schedule.by : null,
    phases: phases.map(({ id, from, to }) => ({ id, from, to })),
    warnings: dates.are === 'proposed' ? [...dates.warnings] : [],
  };
}
