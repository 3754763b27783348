import { reopenDayStep, runDayStep, tickDayStep } from '../../app/announce/day.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { CommandStop } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { dayAnswer } from './day-answer.ts';
import { gatesAnswer } from './gates-answer.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const step = session.argument('STEP');
  if (session.flags.has('reopen')) {
    if (step === null) throw new CommandStop('usage', '--reopen takes back one step: name it');
    const reason = await reasonFor(session);
    await confirm(session, `Take back that ${step} is done?`);
    return dayAnswer(valueOf(await reopenDayStep(app, { release, step, reason })));
  }
  session.progress.doing(`Judging the steps of the release day of ${release} ...`);
  const work = valueOf(await runDayStep(app, { ...planInput(session), release, step }));
  const { id, title } = work.standing.step;
  if (work.kind === 'plan') return planAndApply(session, 'day-run', work.planned, `signalbox day run ${release} ${id}`);
  if (work.kind === 'gate') {
    const subject = `step ${work.standing.number} of the release day of ${release}`;
    const shown = { subject, gates: work.gates, at: session.now, who: await app.who() };
    return gatesAnswer({ schema: 'day-run', ...shown, form: 'blockers' });
  }
  if (session.flags.has('dry-run'))
    throw new CommandStop('usage', `step ${id} is said by a person: there is no plan to show`);
  await confirm(session, `Is it done: ${title}?`);
  const evidence = session.flags.text('evidence');
  const note = session.flags.text('reason') ?? '';
  return dayAnswer(valueOf(await tickDayStep(app, { release, step: id, evidence, note })));
}
