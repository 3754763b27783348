import { copyFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopLocalDatabase } from '../../../app/compose.ts';
import { PYTHON_RELEASES_FILE } from '../../../config/python-releases-file.ts';
import { openApp } from '../../open-app.ts';
import { CommandStop } from '../../problem.ts';
import { pagesAsText } from '../serve-pages.ts';
import { firstDifference, type Difference } from './first-difference.ts';
import type { Theatre } from './theatre.ts';

const LOG = 'ledger.jsonl';
/** What the state of a train has that is no reading: its database. */
const DATABASE = /^postgres/u;

/** The report of the whole train, kept as a file in the rehearsal's folder; answers its path. */
export async function keepReport({ types, tell, folder }: Theatre): Promise<string> {
  tell('What people who look back ask for, from the ledger alone:');
  const text = await types('ada-rm', ['release', 'report']);
  const file = join(folder, 'report.md');
  await writeFile(file, text);
  return file;
}

/**
 * The log goes into an empty database, and every main page is read from both at one instant: what is decided lies in the log and nowhere else. The world outside
 * is the same, and so are the readings of it that are kept. Ends with an error that names the page and the first line that differs.
 */
export async function replay(theatre: Theatre): Promise<void> {
  const { chapter, types, tell, folder } = theatre;
  await chapter('The log in an empty database: the same pages');
  await types('ada-rm', ['log', '--export', LOG]);
  const other = await emptyCopy(folder);
  try {
    await types('ada-rm', ['-C', other, 'log', '--import', join(folder, LOG), '--yes']);
    const count = await compared(theatre, other);
    tell(`${count} pages of both were compared, each as the text that the server gives: they are the same.`);
  } finally {
    await stopLocalDatabase(join(other, 'train.yaml'));
  }
}

/** The train file and what was read of the world, without the database. */
async function emptyCopy(folder: string): Promise<string> {
  const other = join(folder, 'replay');
  await rm(other, { recursive: true, force: true });
  await mkdir(join(other, '.signalbox'), { recursive: true });
  for (const name of ['train.yaml', PYTHON_RELEASES_FILE]) await copyFile(join(folder, name), join(other, name));
  for (const name of await readdir(join(folder, '.signalbox'))) {
    if (!DATABASE.test(name))
      await cp(join(folder, '.signalbox', name), join(other, '.signalbox', name), { recursive: true });
  }
  return other;
}

async function compared({ folder, seat, clock }: Theatre, other: string): Promise<number> {
  const { env } = seat('ada-rm');
  const at = clock.now();
  const [own, replayed] = await Promise.all(
    [folder, other].map(async (place) => {
      const app = await openApp({ folder: place, train: null, env, now: () => at });
      try {
        return await pagesAsText(app);
      } finally {
        await app.close();
      }
    }),
  );
  if (own === undefined || replayed === undefined) throw new Error('pages of two databases were asked for');
  const difference = firstDifference(own, replayed);
  if (difference !== null)
    throw new CommandStop('failed', differenceText(difference), {
      next: [`the two are kept in ${folder} and ${other}`],
    });
  return own.size;
}

function shown(text: string | null): string {
  return text === null ? 'nothing' : `"${text.trim()}"`;
}

function differenceText({ path, line, one, other }: Difference): string {
  const where = line === null ? `the page ${path}` : `line ${line} of the page ${path}`;
  return `the log does not give the same pages again: ${where} is ${shown(one)}, and from the replayed log ${shown(other)}`;
}
