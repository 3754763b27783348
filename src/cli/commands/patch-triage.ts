import { patchNamed } from '../../app/patch/named.ts';
import { planMilestones, triageOf } from '../../app/patch/triage.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderTriage } from '../output/render-triage.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = valueOf(await patchNamed(app, session.argument('REL|LINE')));
  if (session.flags.has('milestones')) {
    session.progress.doing(`Looking at the milestones of ${release} ...`);
    const planned = valueOf(await planMilestones(app, { release, dryRun: session.flags.has('dry-run') }));
    return planAndApply(session, 'patch-milestones', planned, `signalbox patch triage ${release} --milestones`);
  }
  session.progress.doing(`Reading what waits for triage of ${release} ...`);
  const triage = await triageOf(app, release);
  const asOf = app.clock.now();
  const isOpen = triage.rows.some(({ decision }) => decision === null);
  const exit = triage.unread.length > 0 ? 'stale' : isOpen ? 'blocked' : 'done';
  return {
    schema: 'patch-triage',
    asOf,
    stale: triage.unread.length > 0,
    exit: exitCode(exit),
    data: triage,
    records: triage.rows.map(({ facts, suggestion, decision }) => [
      facts.repo,
      String(facts.item.number),
      suggestion.suggests,
      decision?.verdict ?? 'open',
      facts.fix.known ? facts.fix.value.verdict : 'unknown',
      facts.item.title,
    ]),
    lines: (room) => renderTriage(triage, { ...room, asOf }),
  };
}
