import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { notifierContract } from '../../testing/notifier-contract.ts';
import { folderNotifier } from './notifier.ts';

let folder: string;
const order: string[] = [];
beforeEach(async () => {
  order.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'signalbox-notices-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

notifierContract(() => ({
  notifier: folderNotifier(join(folder, 'out')),
  to: { channel: 'mail', address: 'ana@example.org' },
  place: 'ana@example.org',
  received: async () => {
    const names = (await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.txt'));
    order.push(...names.filter((name) => !order.includes(name)));
    return Promise.all(
      order.map(async (name) => {
        const raw = await readFile(join(folder, 'out', name), 'utf8');
        const to = /^To: mail (.*)$/m.exec(raw)?.[1] ?? '';
        return { raw, text: raw.replace(/\s+/g, ' '), id: /^Id: (.*)$/m.exec(raw)?.[1] ?? null, to: [to] };
      }),
    );
  },
  goAway: async () => {
    await writeFile(join(folder, 'out'), 'a file where the folder was to be');
  },
  active: (raw) => raw.split('\n').length,
}));
