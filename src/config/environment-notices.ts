import { z } from 'zod';
import { LOOPBACK_HOSTS } from '../domain/loopback.ts';
import { MailAddress } from '../domain/notice-choice.ts';
import { nameInVariable } from '../domain/variable-word.ts';
import { checked, present, secretIn, secretOf, type Reading, type Secret } from './environment-reading.ts';

/** By what notices go out. */
export interface NoticeChannels {
  /** Null where no mail is sent. */
  readonly smtp: { readonly url: Secret; readonly from: string } | null;
  /** Rooms by their name in the train file; who knows the address of one may write in it. */
  readonly rooms: ReadonlyMap<string, { readonly url: Secret; readonly isPrivate: boolean }>;
  /** A folder into which everything is written instead of being sent; null otherwise. */
  readonly folder: string | null;
}

const [SMTP_URL, SMTP_FROM, FOLDER] = ['SIGNALBOX_SMTP_URL', 'SIGNALBOX_SMTP_FROM', 'SIGNALBOX_NOTICES_FOLDER'];
const ROOM = /^SIGNALBOX_SLACK_([A-Z][A-Z0-9_]{0,39})_URL(?:_FILE)?$/;

const SmtpUrl = z.url({ protocol: /^smtps?$/ }).max(1000);
const RoomUrl = z
  .url({ protocol: /^https?$/ })
  .max(1000)
  // Who reads along could write in the room ever after.
  .refine((text) => text.startsWith('https:') || (URL.canParse(text) && LOOPBACK_HOSTS.has(new URL(text).hostname)));
const Yes = z.enum(['yes', 'no']);
const Folder = z
  .string()
  .max(1000)
  .refine((text) => !/\p{Cc}/u.test(text));

/** Reads SIGNALBOX_SMTP_URL, SIGNALBOX_SMTP_FROM, SIGNALBOX_SLACK_<ROOM>_URL (both URLs also as _FILE), SIGNALBOX_SLACK_<ROOM>_PRIVATE and SIGNALBOX_NOTICES_FOLDER. */
export async function noticeChannelsIn(reading: Reading): Promise<NoticeChannels> {
  const folder = checked(reading, FOLDER, present(reading.variables[FOLDER]), {
    schema: Folder,
    text: 'is no path of a folder',
  });
  return { smtp: await smtpIn(reading), rooms: await roomsIn(reading), folder };
}

/** Both, or neither. */
async function smtpIn(reading: Reading): Promise<NoticeChannels['smtp']> {
  const before = reading.problems.length;
  const url = checked(reading, SMTP_URL, await secretIn(reading, SMTP_URL), {
    schema: SmtpUrl,
    text: 'is no address of a mail server: write smtps://user:password@host:465, or smtp://host:587 for STARTTLS',
  });
  const from = checked(reading, SMTP_FROM, present(reading.variables[SMTP_FROM]), {
    schema: MailAddress,
    text: 'is no mail address: write it as signalbox@example.org',
  });
  if (url !== null && from !== null) return { url: secretOf(url), from };
  // What is wrong was told; what is missing is told here.
  if (reading.problems.length === before && (url !== null || from !== null)) {
    const [set, missing] = url === null ? [SMTP_FROM, SMTP_URL] : [SMTP_URL, SMTP_FROM];
    reading.problems.push({ variable: missing, text: `is not set, and ${set} is; sending mail needs both` });
  }
  return null;
}

async function roomsIn(reading: Reading): Promise<NoticeChannels['rooms']> {
  const names = Object.keys(reading.variables).flatMap((variable) => ROOM.exec(variable)?.[1] ?? []);
  const rooms = new Map<string, { readonly url: Secret; readonly isPrivate: boolean }>();
  for (const name of new Set(names)) {
    const variable = `SIGNALBOX_SLACK_${name}_URL`;
    const url = checked(reading, variable, await secretIn(reading, variable), {
      schema: RoomUrl,
      text: 'is no address of an incoming webhook: write https://…, as the page of the webhook shows it',
    });
    const wish = `SIGNALBOX_SLACK_${name}_PRIVATE`;
    const isPrivate = checked(reading, wish, present(reading.variables[wish]), {
      schema: Yes,
      text: 'is neither yes nor no: yes for a server in your own network',
    });
    if (url === null) continue;
    rooms.set(nameInVariable(name), { url: secretOf(url), isPrivate: isPrivate === 'yes' });
  }
  return rooms;
}
