import type { App } from '../../app/app.ts';
import { declineRevert, requestReverts, revertNamed, type RevertRequest } from '../../app/picks.ts';
import { shortId } from '../../domain/git-names.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { carryOut, type AskedPick } from './pick-targets.ts';
import { releaseOf } from './release-of.ts';

/** Writes down that the line keeps what main took back. */
export async function declineOne(session: Session, revert: string): Promise<Answer> {
  const reason = await reasonFor(session);
  const app = await session.app();
  const release = await releaseOf(session, app);
  const repo = session.flags.text('repo');
  const input = { release, revert, reason, ...(repo === null ? {} : { repo }) };
  if (!session.flags.has('yes') && session.canAsk) {
    session.progress.doing(`Looking for ${revert} ...`);
    const { change, onLine, ...found } = valueOf(await revertNamed(app, input));
    const what = `${found.repo} ${change.pr === null ? '' : `#${change.pr} `}${change.title}`;
    session.say(...paragraph(line(`${what}: ${onLine?.proof ?? ''}`), session.width, 0, 2));
  }
  await confirm(session, `Keep in ${release} what ${revert} took back on main?`);
  session.progress.doing('Writing to the ledger ...');
  const kept = valueOf(await declineRevert(app, input));
  const who = await app.who();
  const name = kept.change.pr === null ? shortId(kept.revert) : `#${kept.change.pr}`;
  return {
    schema: 'pick-revert-declined',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { release, ...kept, reason },
    records: [[kept.repo, kept.change.pr === null ? '' : String(kept.change.pr), kept.revert, reason]],
    lines: (room) =>
      paragraph(
        line(shape('pass'), ` ${release} keeps ${kept.repo} ${name}, decided by @${who}: ${reason}`),
        room.width,
        0,
        2,
      ),
  };
}

/** Makes the reverts that the lines lack, and says of each other why not. */
export async function requestAll(session: Session, app: App, release: ReleaseVersion): Promise<Answer> {
  const repo = session.flags.text('repo');
  session.progress.doing(`Looking for what ${release} has to take back ...`);
  const input = { release, dryRun: session.flags.has('dry-run'), ...(repo === null ? {} : { repo }) };
  const requests = valueOf(await requestReverts(app, input));
  const left = requests.filter((each) => !each.asked);
  const asked = requests.flatMap((each): readonly AskedPick[] =>
    each.asked ? [{ head: `${nameOf(each)} on ${each.onto}`, request: each.request, answer: each.answer }] : [],
  );
  if (asked.length === 0) return nothingAsked(release, left);
  for (const each of left) session.say(...paragraph(leftLine(each), session.width, 0, 2));
  return carryOut(session, asked);
}

type Left = Extract<RevertRequest, { readonly asked: false }>;

/** The answer where nothing is to be made; a negative one where people have to look. */
function nothingAsked(release: ReleaseVersion, left: readonly Left[]): Answer {
  const isOpen = left.some(({ left: { why } }) => why === 'not-proven' || why === 'no-pull');
  return {
    schema: 'pick-reverts-request',
    asOf: null,
    stale: false,
    exit: exitCode(isOpen ? 'blocked' : 'done'),
    data: { release, left: left.map(({ standing, onto, left: why }) => ({ ...standing, onto, left: why })) },
    records: left.map(({ standing, left: { why } }) => [
      standing.repo,
      standing.change.pr === null ? '' : String(standing.change.pr),
      standing.revert,
      why,
    ]),
    lines: (room) => [
      ...left.flatMap((each) => paragraph(leftLine(each), room.width, 0, 2)),
      ...paragraph(line(shape(isOpen ? 'needs-you' : 'pass'), ` ${release} has no revert to make.`), room.width, 0, 2),
    ],
  };
}

function leftLine(each: Left): Line {
  const { why } = each.left;
  return line(
    shape(why === 'declined' ? 'waived' : why === 'grace' ? 'queued' : 'needs-you'),
    ` ${nameOf(each)}: ${leftText(each)}`,
  );
}

function nameOf({ standing: { repo, change, revert } }: RevertRequest): string {
  return `${repo} ${change.pr === null ? shortId(revert) : `#${change.pr}`}`;
}

function leftText({ standing: { revert }, onto, left }: Left): string {
  switch (left.why) {
    case 'declined':
      return `kept by decision of @${left.by}: ${left.reason}`;
    case 'grace':
      return `main took it back less than ${left.hours} h ago, a reland is waited for`;
    case 'not-proven':
      return `only a title says that ${onto} has what ${shortId(revert)} took back; look first, then ask for it by its number`;
    case 'no-pull':
      return `no pull request is known of what ${shortId(revert)} took back; revert it on ${onto} by hand`;
  }
}
