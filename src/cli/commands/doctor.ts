import { workHealth, type DeadWork } from '../../app/bot/queues.ts';
import { webhookHealth } from '../../app/bot/webhook-health.ts';
import { examine, examineGit, examineWebhooks, type HealthCheck } from '../../app/doctor.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { padEnd } from '../output/text.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';

/** Looks at everything that is needed; what cannot be looked at is told as well. */
export async function run(session: Session): Promise<Answer> {
  if (session.flags.has('webhooks')) return webhooks(session);
  session.progress.doing('Looking at git, the train, the ledger and every repository ...');
  const node: HealthCheck = { name: 'node', state: 'pass', text: `Node ${process.versions.node}`, fix: null };
  const checks = [node, await examineGit(), ...(await trainChecks(session))];
  const bad = checks.filter((check) => check.state !== 'pass').length;
  return {
    schema: 'doctor',
    asOf: session.now,
    stale: checks.some((check) => check.state === 'no-data'),
    exit: exitCode(bad === 0 ? 'done' : 'blocked'),
    data: checks,
    records: checks.map((check) => [check.name, check.state, check.text, check.fix ?? '']),
    lines: (room) => render(checks, bad, room),
  };
}

/** Only the bot: what was lost on the way here or came twice, and what failed here for good. */
async function webhooks(session: Session): Promise<Answer> {
  session.progress.doing('Reading what the forge sent, and what is stored here ...');
  const app = await session.app();
  const health = await webhookHealth(app);
  const { counts, dead } = await workHealth(app);
  const checks = examineWebhooks(health);
  const bad = checks.filter((check) => check.state !== 'pass').length + dead.length;
  return {
    schema: 'doctor-webhooks',
    asOf: app.clock.now(),
    stale: checks.some((check) => check.state === 'no-data'),
    exit: exitCode(bad === 0 ? 'done' : 'blocked'),
    data: { ...(health ?? { since: null, hooks: [], unreadable: [] }), jobs: { counts, dead } },
    records: [
      ...checks.map((check) => [check.name, check.state, check.text, check.fix ?? '']),
      ...dead.map(({ id, queue, what, error, diedAt }) => [`dead ${queue}`, id, diedAt, what, error]),
    ],
    lines: (room) => [
      ...checkLines(checks, room),
      ...dead.flatMap((job) => deadLines(job, room)),
      bad === 0
        ? line(shape('pass'), ` Nothing was lost, and nothing failed for good; ${counts.waiting} waiting.`)
        : line(shape('failing'), ` ${bad} ${bad === 1 ? 'thing needs' : 'things need'} attention.`),
    ],
  };
}

function deadLines({ id, what, error, diedAt }: DeadWork, room: Room): readonly Line[] {
  return [
    ...paragraph(
      line(shape('failing'), ' ', span(`dead since ${diedAt}`, 'strong'), ` ${what}: ${error}`),
      room.width,
      0,
      2,
    ),
    line(`  fix: signalbox bot revive ${id}`),
  ];
}

/** A train file with mistakes is itself a finding, not the end of the examination. */
async function trainChecks(session: Session): Promise<readonly HealthCheck[]> {
  try {
    const app = await session.app();
    const { train } = app.loaded;
    return [
      {
        name: 'train',
        state: 'pass',
        text: `${train.title}, ${Object.keys(train.repos).length} repositories`,
        fix: null,
      },
      ...(await examine(app)),
    ];
  } catch (error) {
    if (!(error instanceof CommandStop)) throw error;
    return [
      {
        name: 'train',
        state: 'failing',
        text: error.message,
        fix: error.next.find((each) => each.includes('signalbox ')) ?? null,
      },
    ];
  }
}

function checkLines(checks: readonly HealthCheck[], room: Room): readonly Line[] {
  const width = Math.max(...checks.map((check) => check.name.length)) + 2;
  return checks.flatMap((check) => [
    ...paragraph(
      line(shape(check.state), ' ', span(padEnd(check.name, width), 'strong'), check.text),
      room.width,
      0,
      width + 2,
    ),
    ...(check.fix === null ? [] : paragraph(line(`fix: ${check.fix}`), room.width, width + 2, 5)),
  ]);
}

function render(checks: readonly HealthCheck[], bad: number, room: Room): readonly Line[] {
  return [
    ...checkLines(checks, room),
    bad === 0
      ? line(shape('pass'), ' All is well.')
      : line(shape('failing'), ` ${bad} of ${checks.length} need attention.`),
  ];
}
