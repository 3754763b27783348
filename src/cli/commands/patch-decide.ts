import { patchNamed } from '../../app/patch/named.ts';
import { patchBrief } from '../../app/patch/brief.ts';
import { decideGo } from '../../app/patch/go.ts';
import { checkCandidate, decideTriage } from '../../app/patch/triage.ts';
import type { App } from '../../app/app.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { renderBrief } from '../output/render-brief.ts';
import { renderCandidate } from '../output/render-triage.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateNamed } from './patch-check.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const release = valueOf(await patchNamed(app, session.required('REL')));
  const { flags } = session;
  const isGo = flags.has('go') || flags.has('no-go');
  if (isGo && flags.text('issue') !== null)
    throw usage('--issue is about one candidate, --go and --no-go about the release', 'give one of them');
  return isGo ? decideRelease(session, app, release) : decideCandidate(session, app, release);
}

/** Shows the brief, asks, and writes go or no-go down. */
async function decideRelease(session: Session, app: App, release: ReleaseVersion): Promise<Answer> {
  const { flags } = session;
  if (flags.has('go') && flags.has('no-go')) throw usage('a decision is one of two', 'give --go or --no-go');
  const decision = flags.has('go') ? 'go' : 'no-go';
  const reason = await reasonFor(session);
  if (!flags.has('yes') && session.canAsk) {
    session.progress.doing(`Collecting the case for ${release} ...`);
    const brief = await patchBrief(app, release);
    session.say(...renderBrief(brief, { width: session.width, now: session.now, asOf: app.clock.now() }));
  }
  await confirm(session, `Record ${decision} for ${release}?`);
  session.progress.doing('Writing to the ledger ...');
  const after = valueOf(await decideGo(app, release, { decision, reason, people: flags.list('with') }));
  const next = after.is === 'go' ? nextAfterGo(release) : [];
  const said =
    after.is === 'agreeing' ? `your go is recorded; ${app.loaded.train.patches.goPeople} people must say it` : after.is;
  return {
    schema: 'patch-go',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { release, decision: after, next },
    records: [[release, after.is, reason]],
    lines: (room) => [
      ...paragraph(line(shape('pass'), ` ${release}: ${said}.`), room.width, 0, 2),
      ...next.map((each, index) => line(`    ${index === 0 ? 'next:' : '     '} ${each}`)),
    ],
  };
}

/** What a go opens, in the order of the process. */
function nextAfterGo(release: ReleaseVersion): readonly string[] {
  return [
    `signalbox patch schedule ${release} -m WHY`,
    `signalbox patch triage ${release} --milestones`,
    `signalbox tracker open ${release}`,
    `signalbox patch brief ${release} --announcement`,
    `signalbox patch owed ${release} --ask`,
    `signalbox branch changes ${release}`,
  ];
}

/** Shows the candidate with what the evidence suggests, asks, and writes the decision down. */
async function decideCandidate(session: Session, app: App, release: ReleaseVersion): Promise<Answer> {
  const { flags } = session;
  if (flags.has('accept') === flags.has('reject'))
    throw usage('it is not said what is decided', 'give --go or --no-go; or --issue N with --accept or --reject');
  const verdict = flags.has('accept') ? 'accepted' : 'declined';
  const name = candidateNamed(session);
  const reason = await reasonFor(session);
  if (!flags.has('yes') && session.canAsk) {
    session.progress.doing(`Reading #${name.item} ...`);
    const row = valueOf(await checkCandidate(app, release, name));
    session.say(...renderCandidate(row, release, { width: session.width, now: session.now }));
  }
  await confirm(session, `${verdict === 'accepted' ? 'Take' : 'Do not take'} #${name.item} into ${release}?`);
  session.progress.doing('Writing to the ledger ...');
  const row = valueOf(await decideTriage(app, release, { ...name, verdict, reason, people: flags.list('with') }));
  const { repo, item } = row.facts;
  return {
    schema: 'patch-decided',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { release, ...row },
    records: [[repo, String(item.number), verdict, row.decision?.by ?? '', reason]],
    lines: (room) => [
      ...paragraph(line(shape('pass'), ` ${repo}#${item.number} is ${verdict} for ${release}.`), room.width, 0, 2),
      line(`    next: signalbox patch triage ${release} --milestones`),
    ],
  };
}
