import type { AskStanding } from '../../../domain/ask.ts';
import { dueText } from '../../../domain/due.ts';
import { linksFault } from './links.ts';
import { emptyGate, GateId, type Gate, type Verdict, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { State } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';

/** The gate of an ask, `ask:NAME`: open once the world shows that it is done. Waivers applied. */
export function askGate(
  standing: AskStanding,
  {
    release,
    waivers,
    now,
  }: { readonly release: ReleaseVersion; readonly waivers: readonly Waiver[]; readonly now: Instant },
): Gate {
  const { name, sent, evidence, owners, state } = standing;
  const id = GateId.parse(`ask:${name}`);
  const gate: Gate = {
    ...emptyGate(id, owners),
    verdict: askVerdict(standing),
    summary: summaryOf(standing, now),
    evidence: [
      ...sentEvidence(standing, now),
      ...[...evidence, ...(standing.links ?? [])].map(({ text, link, source, at }) => line(text, link, { source, at })),
    ],
    since: sent?.at ?? null,
    fix: state === 'done' ? null : fixOf(standing, release),
  };
  return withWaiver(gate, waivers, now);
}

function line(text: string, link: string | null, where: Pick<Evidence, 'source' | 'at'>): Evidence {
  return { text, ...(link === null ? {} : { link }), ...where };
}

function sentEvidence({ sent, ask }: AskStanding, now: Instant): readonly Evidence[] {
  if (sent === null) return [];
  const text =
    sent.how === 'issue'
      ? `asked of ${ask.to} in ${sent.text} by @${sent.by}`
      : `asked of ${ask.to}, as @${sent.by} recorded${sent.text === '' ? '' : `: ${sent.text}`}`;
  return [line(text, sent.link, { source: sent.how === 'issue' ? 'forge' : 'ledger', at: now })];
}

/** How an ask stands, as the verdict of its gate. */
export function askVerdict({ state, late, links }: AskStanding): Extract<Verdict, State> {
  switch (state) {
    case 'done':
      return 'pass';
    case 'unknown':
      return 'no-data';
    case 'not-yet':
      return 'queued';
    case 'to-send': {
      const fault = linksFault(links);
      if (fault !== null) return fault.known ? 'failing' : 'no-data';
      return late ? 'failing' : 'needs-you';
    }
    case 'sent':
      return late ? 'failing' : 'running';
  }
}

/** One line: what is asked of whom, what shows or lacks, until when. */
export function summaryOf({ ask, state, due, evidence, text, why, links }: AskStanding, now: Instant): string {
  const open = evidence.filter((one) => one.state === 'open').map((one) => one.text);
  const until = dueText(due, now);
  switch (state) {
    case 'done':
      return evidence.map((one) => one.text).join('; ');
    case 'unknown':
      return `not known: ${why ?? 'it could not be read'}; ${until}`;
    case 'not-yet':
      return `${text.title}: ${why ?? 'it may not be asked yet'}; ${until}`;
    case 'to-send': {
      const fault = linksFault(links);
      if (fault !== null) return `${text.title}: ${fault.text}; ${until}`;
      return `not asked of ${ask.to} yet: ${text.title}; ${until}`;
    }
    case 'sent':
      return `asked of ${ask.to}; ${open.join('; ')}; ${until}`;
  }
}

/** What moves it, as a command where there is one. */
export function fixOf({ name, ask, state, text, sent, links }: AskStanding, release: ReleaseVersion): string {
  const again = `signalbox gate run ${release} ask:${name}`;
  switch (state) {
    case 'done':
    case 'unknown':
      return `make it readable, then ${again}`;
    case 'not-yet':
      return `wait for it, then signalbox ask show ${release} ${name}`;
    case 'to-send':
      if (!text.filled) return `what the text needs is not there: ${text.missing.join('; ')}`;
      if (linksFault(links) !== null) return `mend the links, or texts.${ask.text}; then ${again}`;
      return ask.sent.way === 'issue'
        ? `signalbox ask send ${release} ${name}`
        : `signalbox ask show ${release} ${name}, send its text to ${ask.to}, and record where`;
    case 'sent': {
      const where = sent?.link ?? null;
      const answer = ask.done.some(({ by }) => by === 'word')
        ? `the answer: signalbox ask record ${release} ${name} --done`
        : again;
      return `ask ${ask.to} again${where === null ? '' : ` at ${where}`}; then ${answer}`;
    }
  }
}
