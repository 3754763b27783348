import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { App } from '../../app/app.ts';
import { explainLine, parseJsonLines, toJsonLines } from '../../app/ledger-transfer.ts';
import { hasVerdicts, readLog, verifyLog } from '../../app/log.ts';
import { parseRelease } from '../../app/releases.ts';
import { eventText } from '../../domain/event-text.ts';
import { releaseOfEvent } from '../../domain/ledger-event.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { renderLog } from '../output/render-log.ts';
import { shape } from '../output/shapes.ts';
import { CommandStop, usage } from '../problem.ts';
import { confirm } from '../confirm.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { documentAnswer } from './document.ts';

export async function run(session: Session): Promise<Answer> {
  const last = countOf(session.flags.text('last'));
  const typed = session.argument('REL');
  const release = typed === null ? undefined : valueOf(parseRelease(typed));
  const file = session.flags.text('export');
  session.progress.doing('Reading the ledger ...');
  const app = await session.app();
  if (session.flags.has('verify')) return verified(app);
  const source = session.flags.text('import');
  if (source !== null) return imported(session, app, source);
  if (file !== null) return exported(app, file === '-' ? null : resolve(session.folder, file));
  const entries = await readLog(app, {
    ...(release === undefined ? {} : { release }),
    ...(last === undefined ? {} : { last }),
    shown: session.flags.has('actions') ? 'actions' : session.flags.has('verdicts') ? 'all' : 'usual',
  });
  const isShort = !session.flags.has('actions') && !session.flags.has('verdicts') && (await hasVerdicts(app, release));
  return {
    schema: 'log',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: entries,
    records: entries.map((entry) => [
      String(entry.seq),
      entry.at,
      entry.actor,
      releaseOfEvent(entry.event) ?? '',
      entry.event.type,
      eventText(entry.event),
    ]),
    lines: (room) => [...renderLog(entries, room), ...(isShort ? leftOut(release, room.width) : [])],
  };
}

/** How to see what `log` leaves out unless it is asked for. */
function leftOut(release: string | undefined, width: number): readonly Line[] {
  const command = `signalbox log${release === undefined ? '' : ` ${release}`} --verdicts`;
  return paragraph(line(`Verdicts of gates that turned are left out: ${command}`), width, 0, 2);
}

function countOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^[1-9]\d{0,6}$/u.test(text)) throw usage(`--last ${text} is no count`, 'write a whole number from 1');
  return Number(text);
}

async function verified(app: App): Promise<Answer> {
  const check = await verifyLog(app);
  const whole = check.faults.length === 0;
  return {
    schema: 'log-check',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode(whole ? 'done' : 'failed'),
    data: check,
    records: check.faults.map((fault) => [String(fault.seq), fault.fault, fault.text]),
    lines: (room) => [
      ...check.faults.flatMap((fault) =>
        paragraph(line(shape('failing'), ` entry ${fault.seq}: ${fault.text}`), room.width, 0, 2),
      ),
      whole
        ? line(
            shape('pass'),
            ` ${check.entries} entries, every hash and link holds. Head: `,
            span(check.head?.slice(0, 19) ?? 'none', 'mute'),
          )
        : line(
            shape('failing'),
            ` The ledger was changed outside of Signalbox: ${check.faults.length} faults in ${check.entries} entries.`,
          ),
    ],
  };
}

/** All entries as JSON lines, hashes included: `--verify` of an importing ledger proves that nothing was lost. */
async function exported(app: App, path: string | null): Promise<Answer> {
  const entries = await readLog(app, { shown: 'all' });
  const text = toJsonLines(entries);
  if (path === null) return documentAnswer('log-export', text);
  await writeFile(path, text, { flag: 'wx' });
  return {
    schema: 'log-export',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { file: path, entries: entries.length },
    records: [[path, String(entries.length)]],
    lines: () => [line(shape('pass'), ` ${entries.length} entries written to ${path}.`)],
  };
}

const LARGEST_IMPORT = 1024 * 1024 * 1024;

/** Fills an empty ledger from an export, hashes kept; what does not verify is refused and nothing is written. */
async function imported(session: Session, app: App, source: string): Promise<Answer> {
  const text =
    source === '-'
      ? await session.terminal.readInput(LARGEST_IMPORT)
      : await readFile(resolve(session.folder, source), 'utf8');
  const parsed = parseJsonLines(text);
  if (!parsed.ok)
    throw new CommandStop('usage', `${source} is not an export of a ledger; nothing was imported`, {
      next: parsed.problems.map(explainLine),
    });
  const entries = parsed.value;
  await confirm(session, `Import ${entries.length} entries into the ledger of ${app.loaded.train.train}?`);
  const ledger = await app.ledger();
  await ledger.restore(app.loaded.train.train, entries);
  return {
    schema: 'log-import',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { entries: entries.length },
    records: [[source, String(entries.length)]],
    lines: () => [line(shape('pass'), ` ${entries.length} entries imported. Check them: signalbox log --verify`)],
  };
}
