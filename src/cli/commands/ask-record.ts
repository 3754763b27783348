import { recordAsk, withdrawAsk } from '../../app/asks.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { askRecord, isUnread, renderAsk } from '../output/render-asks.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

/** Writes down what a person did or was told. */
export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const release = await releaseOf(session, app);
  const name = session.required('ASK');
  const what = session.flags.has('done') ? 'answered' : 'sent';
  const of = { release, ask: name, what } as const;
  const said = what === 'sent' ? 'was asked' : 'is done, by the word of who was asked';
  const ask = session.flags.has('withdraw')
    ? await withdrawn(session, of)
    : await recorded(session, of, `Record that ${name} ${said}?`);
  return {
    schema: 'ask',
    asOf: session.now,
    stale: isUnread(ask),
    exit: 0,
    data: { release, ...ask },
    records: [askRecord(ask)],
    lines: (room) => renderAsk(ask, release, room),
  };
}

type Of = Pick<Parameters<typeof recordAsk>[1], 'release' | 'ask' | 'what'>;

async function recorded(session: Session, of: Of, question: string) {
  await confirm(session, question);
  const link = session.flags.text('link');
  return valueOf(await recordAsk(await session.app(), { ...of, link, note: session.flags.text('reason') ?? '' }));
}

async function withdrawn(session: Session, of: Of) {
  const reason = await reasonFor(session);
  await confirm(session, `Take back what was recorded of ${of.ask}?`);
  return valueOf(await withdrawAsk(await session.app(), { ...of, reason }));
}
