import type { Environment } from '../config/environment.ts';
import type { Train } from '../domain/train/train.ts';
import { NotifierError, type Notifier } from '../ports/notifier.ts';
import type { Telling } from './notices/telling.ts';

/** The channels that the environment has the addresses of. What a channel is made of is loaded with its first message. */
export function composeNotices(train: Pick<Train, 'title'>, { notices }: Pick<Environment, 'notices'>): Telling {
  const { smtp, rooms, folder } = notices;
  if (folder !== null) {
    const notifier: Notifier = {
      send: async (message) => {
        const { folderNotifier } = await import('../adapters/folder/notifier.ts');
        await folderNotifier(folder).send(message);
      },
    };
    return { mail: true, mention: true, rooms: [...rooms.keys()], notifier };
  }
  const notifier: Notifier = {
    send: async (message) => {
      switch (message.to.channel) {
        case 'mail': {
          if (smtp === null) throw new NotifierError('not-set-up', 'SIGNALBOX_SMTP_URL is not set: no mail is sent');
          const { smtpNotifier } = await import('../adapters/smtp/index.ts');
          const from = { from: smtp.from, name: `Signalbox of ${train.title}` };
          return smtpNotifier({ url: () => smtp.url.reveal(), ...from }).send(message);
        }
        case 'slack': {
          const { slackNotifier } = await import('../adapters/slack/index.ts');
          const open = [...rooms].map(
            ([name, { url, isPrivate }]) => [name, { url: () => url.reveal(), isPrivate }] as const,
          );
          return slackNotifier({ rooms: new Map(open) }).send(message);
        }
        case 'mention':
          throw new NotifierError('not-set-up', 'people are called by the port of the forge');
      }
    },
  };
  return { mail: smtp !== null, mention: false, rooms: [...rooms.keys()], notifier };
}
