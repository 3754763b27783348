import type { AskStanding } from '../../domain/ask.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { asksOf } from '../../domain/train/asks.ts';
import { rolesOf } from '../../domain/train/roles.ts';
import { whoActs } from '../../domain/train/stand-in.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideSend, explainSend, foldAsk, type SendProblem } from '../../process/02-prepare/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRole } from '../releases.ts';
import { withTeams } from '../teams.ts';
import { askStandings } from './standing.ts';

export interface AskOf {
  readonly release: ReleaseVersion;
  readonly ask: string;
}

/** One ask of a release, read afresh, or which ones there are. */
export async function showAsk(app: App, { release, ask }: AskOf): Promise<Result<AskStanding, AppProblem>> {
  const [standing] = await askStandings(app, release, { only: [ask], inFull: true });
  return standing === undefined ? refuse(unknownAsk(app, { release, ask })) : succeed(standing);
}

function unknownAsk(app: App, { release, ask }: AskOf): AppProblem {
  const names = asksOf(app.loaded.train, release).map(({ name }) => name);
  const shown = ask.length > 60 ? `${ask.slice(0, 57)}...` : ask;
  const text =
    names.length === 0
      ? `The train asks for nothing for ${release}. See: signalbox config explain asks`
      : `${release} has no ask "${shown}". It has: ${names.join(', ')}.`;
  return { kind: 'usage', code: 'ask-unknown', text };
}

/** Plans the issue in which something is asked. */
export async function sendAsk(
  app: App,
  { release, ask, dryRun }: AskOf & { readonly dryRun: boolean },
): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, { dryRun });
  if (!begun.ok) return begun;
  const found = await showAsk(app, { release, ask });
  if (!found.ok) return found;
  const { train, digest } = app.loaded;
  const decided = decideSend(found.value, { train, trainDigest: digest, release, author: begun.value.author });
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainSend, kindOf });
  const { state, sent } = found.value;
  const link = sent?.link ?? null;
  const why = state === 'done' ? 'is done' : `was sent already${link === null ? '' : `: ${link}`}`;
  return present(app, decided.value, { input: { dryRun }, gates: [], nothing: `the ask ${ask} ${why}.` });
}

function kindOf({ code }: SendProblem): ProblemKind {
  switch (code) {
    case 'ask-by-hand':
    case 'ask-no-place':
      return 'usage';
    case 'ask-not-yet':
    case 'ask-links-bad':
      return 'refused';
    case 'ask-text-unknown':
    case 'ask-unknown-state':
      return 'no-data';
  }
}

export interface AskWordInput extends AskOf {
  /** That it was sent, or that the addressee answered that it is done. */
  readonly what: 'sent' | 'answered';
  readonly link: string | null;
  readonly note: string;
}

/** Records what a person did or was told outside: a decision of theirs, by name. What the world shows is not taken on anybody's word. */
export async function recordAsk(app: App, input: AskWordInput): Promise<Result<AskStanding, AppProblem>> {
  const { release, ask, what, link, note } = input;
  const problem = await wordProblem(app, input);
  if (problem !== null) return refuse(problem);
  const found = await showAsk(app, { release, ask });
  if (!found.ok) return found;
  const { name } = found.value;
  if (what === 'answered' && !found.value.ask.done.some(({ by }) => by === 'word')) {
    const shows = found.value.evidence.map(({ text }) => text).join('; ');
    const text = `That ${name} is done is seen and not recorded: ${shows}. Look again: signalbox gate run ${release} ask:${name}. To go on without it, waive the gate.`;
    return refuse({ kind: 'refused', code: 'ask-is-observed', text });
  }
  await record(
    app,
    what === 'sent'
      ? { type: 'ask-sent', release, ask: name, link, note }
      : { type: 'ask-answered', release, ask: name, link, note },
  );
  return showAsk(app, { release, ask });
}

/** Takes back what was recorded by mistake. */
export async function withdrawAsk(
  app: App,
  { release, ask, what, reason }: AskOf & { readonly what: 'sent' | 'answered'; readonly reason: string },
): Promise<Result<AskStanding, AppProblem>> {
  const allowed = await requireOwner(app, { release, ask, what: `ask record ${release} ${ask} --withdraw` });
  if (!allowed.ok) return allowed;
  const found = await showAsk(app, { release, ask });
  if (!found.ok) return found;
  const { name } = found.value;
  if (foldAsk(await entriesOf(app, release), name, release)[what] === null) {
    const text = `Nobody recorded that ${name} is ${what === 'sent' ? 'sent' : 'done'}, so there is nothing to take back.`;
    return refuse({ kind: 'refused', code: 'ask-not-recorded', text });
  }
  await record(app, { type: 'ask-withdrawn', release, ask: name, what, reason });
  return showAsk(app, { release, ask });
}

async function wordProblem(app: App, { release, ask, what, link, note }: AskWordInput): Promise<AppProblem | null> {
  const allowed = await requireOwner(app, { release, ask, what: `ask record ${release} ${ask}` });
  if (!allowed.ok) return allowed.problems[0];
  if (link !== null && !isAddress(link)) {
    const text = `"${link.slice(0, 60)}" is no address. Write where it was asked, as https://…`;
    return { kind: 'usage', code: 'not-an-address', text };
  }
  const isPermanent = asksOf(app.loaded.train, release).some(({ name, ask: one }) => name === ask && one.permanent);
  if (isPermanent && what === 'sent' && link === null) {
    const text = `${ask} cannot be taken back, so say where everybody can read it: signalbox ask record ${release} ${ask} --link URL`;
    return { kind: 'usage', code: 'ask-without-link', text };
  }
  if (link !== null || note !== '') {
    if (what === 'sent' || note !== '') return null;
    const text = `Say what the answer was: signalbox ask record ${release} ${ask} --done -m TEXT`;
    return { kind: 'usage', code: 'ask-without-words', text };
  }
  const text = `Say where, or how: signalbox ask record ${release} ${ask} --link URL, or -m TEXT`;
  return { kind: 'usage', code: 'ask-without-words', text };
}

function isAddress(text: string): boolean {
  return text.length <= 2000 && /^(?:https?:\/\/|mailto:)\S+$/u.test(text) && URL.canParse(text);
}

/** Release managers, and whoever sees to the ask. */
async function requireOwner(
  app: App,
  { release, ask, what }: AskOf & { readonly what: string },
): Promise<Result<string, AppProblem>> {
  const who = await app.who();
  const { train } = (await withTeams(app)).loaded;
  const owner = asksOf(train, release).find(({ name }) => name === ask)?.ask.owner;
  const stream = owner === undefined ? undefined : train.workstreams[owner];
  const own = stream === undefined ? (owner === undefined ? [] : [owner]) : [...stream.poc, ...stream.deputies];
  const acting = whoActs(train, own, app.clock.now());
  const named = acting?.is === 'stands-in' ? [...own, acting.who] : own;
  if (rolesOf(train, who).includes('release-manager') || named.includes(who)) return succeed(who);
  const allowed = await requireRole(app, ['release-manager']);
  const event: LedgerEvent | null = allowed.ok
    ? null
    : { type: 'refused', release, what, reason: allowed.problems[0].text };
  if (event !== null) await record(app, event);
  return allowed;
}
