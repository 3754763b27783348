import type { Context } from 'hono';
import { YouView } from '../api/views/you.ts';
import { appAs } from '../app/app-as.ts';
import { placeText, toldHow, type ToldHow } from '../app/notices/choices.ts';
import { NOTICE_KINDS } from '../domain/notice.ts';
import { youDoc } from '../web/pages/you.ts';
import { admitToPage } from './admission.ts';
import { asPage, formOf, notAdmitted, refuse, type SiteParts } from './answer.ts';
import type { Form } from './address.ts';
import { roomOf, shownOf } from './show.ts';

/** The page of who looks. Read for each request and kept nowhere: what other pages read is one for all, and this is nobody else's. */
export async function youRoute(context: Context, parts: SiteParts, ending: Form | null): Promise<Response> {
  const admitted = await admitToPage(parts.guard, context.req.raw);
  if (admitted.kind !== 'let-in') return notAdmitted(context, admitted);
  const { identity } = admitted;
  const place = { path: '/you', form: formOf(context, ending), identity };
  if (identity === null) {
    const text = 'It is not known who you are. Sign in to see how you are told.';
    return refuse(context, parts, place, {
      problems: [{ kind: 'not-allowed', code: 'not-signed-in', text }],
      status: 401,
    });
  }
  const now = parts.app.clock.now();
  const told = await toldHow(await appAs(parts.app, identity.login, 'read'));
  const view = viewOf(told, parts.app.loaded.train.title);
  if (place.form === 'json') {
    context.header('cache-control', 'private, no-store');
    return context.json({ schema: 'signalbox.you/1', asOf: now, stale: false, data: view });
  }
  const room = roomOf(parts.app, identity, { now, query: {} });
  const shown = shownOf(youDoc(view, room), room, 'you');
  return asPage(context, parts, place, { shown, snapshot: { asOf: now, stale: false }, live: false });
}

function viewOf({ login, choice, hours, kinds, rooms, recent }: ToldHow, title: string): YouView {
  return YouView.parse({
    title,
    login,
    mail: choice.mail,
    unproven: choice.unproven?.mail ?? null,
    room: choice.room,
    rooms,
    ...hours,
    kinds: kinds.map((rule) => ({ ...rule, tells: NOTICE_KINDS[rule.kind].tells })),
    recent: recent.map(({ id, notice, state, address, why, settledAt, notBefore }) => {
      const { headline, path } = notice;
      return { id, headline, path, state, to: placeText(address), why, at: settledAt ?? notBefore };
    }),
  });
}
