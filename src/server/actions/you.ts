import { z } from 'zod';
import { NO_CHANGE } from '../../app/notices/change.ts';
import { changeToldHow, confirmMail, proposeMail, testNotice } from '../../app/notices/choices.ts';
import { NoticeKind } from '../../domain/notice.ts';
import { succeed } from '../../domain/result.ts';
import { actionOf, type AnyAction } from '../page.ts';

const Word = z.string().trim().max(100).optional();
/** As it is typed; the use case says what is wrong with it. */
const Change = z.object({
  kind: Word,
  by: Word,
  when: Word,
  zone: Word,
  quiet: Word,
  digest: Word,
  days: Word,
  room: Word,
});

/** How whoever is signed in is told: everybody's own. What is answered holds no address: it stands in the address of a page. */
export const YOU_ACTIONS: readonly AnyAction[] = [
  actionOf({
    name: 'notices-set',
    path: '/you/notices',
    summary: 'Choose how you are told: channel, hours, digest; what is left out stays as it is',
    roles: [],
    schema: Change,
    run: async ({ app, input }) => {
      const given = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, value ?? null]));
      const done = await changeToldHow(app, { ...NO_CHANGE, ...given });
      if (!done.ok) return done;
      const { hours, kinds } = done.value;
      return succeed({ to: '/you', said: 'You are told like this from now on.', data: { hours, kinds } });
    },
  }),
  actionOf({
    name: 'notices-mail',
    path: '/you/mail',
    summary: 'Set where mail goes; a code is sent there first',
    roles: [],
    schema: z.object({ mail: z.string().trim().max(254) }),
    run: async ({ app, input }) => {
      const done = await proposeMail(app, input.mail);
      if (!done.ok) return done;
      const waits = done.value.choice.unproven !== null;
      const said = waits ? 'A code was sent. Type it here once it is there.' : 'Set.';
      return succeed({ to: '/you', said, data: { waitsForCode: waits } });
    },
  }),
  actionOf({
    name: 'notices-confirm',
    path: '/you/mail/confirm',
    summary: 'Show that you read the mail address you set',
    roles: [],
    schema: z.object({ code: z.string().trim().min(1).max(100) }),
    run: async ({ app, input }) => {
      const done = await confirmMail(app, input.code);
      return done.ok ? succeed({ to: '/you', said: 'Mail goes to that address from now on.', data: {} }) : done;
    },
  }),
  actionOf({
    name: 'notices-test',
    path: '/you/notices/test',
    summary: 'Tell you something now, to see that it arrives',
    roles: [],
    schema: z.object({ kind: NoticeKind.default('needs-you') }),
    run: async ({ app, input }) => {
      const done = await testNotice(app, input.kind);
      return done.ok ? succeed({ to: '/you', said: 'Sent. Look whether it is there.', data: {} }) : done;
    },
  }),
];
