import { revokeSignOff, signGate, type SignAnswer } from '../../app/final/sign.ts';
import { showGate } from '../../app/gates.ts';
import type { App } from '../../app/app.ts';
import type { Signing } from '../../domain/gate.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderGate } from '../output/render-gates.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const gate = session.required('GATE');
  const app = await session.app();
  const release = await releaseOf(session, app);
  return session.flags.has('revoke') ? revoke(session, app, { release, gate }) : sign(session, app, { release, gate });
}

interface Named {
  readonly release: ReleaseVersion;
  readonly gate: string;
}

/** What is confirmed is what is signed: the files that were shown, and no others. */
async function sign(session: Session, app: App, { release, gate }: Named): Promise<Answer> {
  const note = session.flags.text('reason')?.trim() ?? '';
  const evidence = session.flags.text('evidence');
  const signing = await signingOf(app, release, gate);
  const bound = signing?.bound ?? null;
  const files = bound === null ? '' : `, the files ${bound.manifest.slice(0, 15)}`;
  await confirm(session, `Sign ${gate} for ${bound?.candidate ?? release}${files}?`);
  session.progress.doing('Writing to the ledger ...');
  const shown = bound?.manifest ?? null;
  return answerOf(valueOf(await signGate(app, { release, gate, note, evidence, shown })), await app.who(), session);
}

/** Null for what cannot be signed: signing says so in better words. */
async function signingOf(app: App, release: ReleaseVersion, gate: string): Promise<Signing | null> {
  const shown = await showGate(app, release, gate);
  return shown.ok ? (shown.value.gate.signing ?? null) : null;
}

async function revoke(session: Session, app: App, { release, gate }: Named): Promise<Answer> {
  const reason = await reasonFor(session);
  const of = session.flags.text('of')?.replace(/^@/u, '') ?? null;
  await confirm(session, `Take back the sign-off of ${gate} of ${release}${of === null ? '' : ` by ${of}`}?`);
  session.progress.doing('Writing to the ledger ...');
  return answerOf(valueOf(await revokeSignOff(app, { release, gate, of, reason })), await app.who(), session);
}

function answerOf({ gate, isNew }: SignAnswer, who: string, session: Session): Answer {
  return {
    schema: 'gate',
    asOf: session.now,
    stale: gate.verdict === 'no-data',
    exit: exitCode('done'),
    data: { ...gate, isNew },
    records: [[gate.id, gate.verdict, gate.signing?.signedBy.join(',') ?? '', gate.signing?.bound?.candidate ?? '']],
    lines: (room) => renderGate(gate, who, room),
  };
}
