import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { neutral } from '../../domain/plain-text.ts';
import { NotifierError, type NoticeMessage, type Notifier } from '../../ports/notifier.ts';

/** Writes messages into a folder instead of sending them, a file each: for rehearsals, and for trying settings. A message sent again is the same file. */
export function folderNotifier(folder: string): Notifier {
  return {
    send: async (message) => {
      const name = `${message.id.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 100)}.txt`;
      const draft = join(folder, `.${name}.${process.pid}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(draft, textOf(message), { mode: 0o600 });
        await rename(draft, join(folder, name));
      } catch (error) {
        const why = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
        throw new NotifierError('unreachable', `${folder} cannot be written to (${why})`, { cause: error });
      }
    },
  };
}

function textOf({ id, to, subject, items, foot }: NoticeMessage): string {
  const place = to.channel === 'mail' ? to.address : to.channel === 'slack' ? `#${to.room}` : `tracker ${to.release}`;
  const head = [`To: ${to.channel} ${place}`, `Subject: ${neutral(subject)}`, `Id: ${id}`];
  const body = items.map(({ headline, lines, link, calls }) =>
    [
      [...calls.map((call) => `(${neutral(call)})`), neutral(headline)].join(' '),
      ...lines.map((line) => `  ${neutral(line)}`),
      ...(link === null ? [] : [`  ${link}`]),
    ].join('\n'),
  );
  return `${head.join('\n')}\n\n${body.join('\n\n')}\n\n${foot}\n`;
}
