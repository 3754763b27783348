/**
 * Plays the rehearsal and draws a part of what a release manager sees as docs/rehearsal.svg: `npm run record`.
 * The picture in the README is never drawn by hand, so it cannot show what the program does not print.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COLUMNS = 80;
const CELL = { width: 8.4, height: 18 };
const MARGIN = 20;
const COLOURS: Readonly<Record<string, string>> = {
  31: '#ff6b57',
  32: '#5eead4',
  33: '#f5cf6b',
  34: '#6ea8fe',
  90: '#8b949e',
};
const TEXT = '#e6edf3';
const PAGE = '#0d1117';

/** Parts of the story that are shown: from the line with the first text to before the line with the second. */
const SCENES = [
  ['ada-rm$ signalbox blockers', '(The authors fix'],
  ['ada-rm$ signalbox branch cut 2.8.0 --yes', '(Once more, by mistake'],
] as const;

function play(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CLICOLOR_FORCE: '1',
      SIGNALBOX_FORCE_TTY: String(COLUMNS),
      LANG: 'C.UTF-8',
    };
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '..', 'bin', 'signalbox.js'), '-C', folder, 'rehearse'],
      { env },
    );
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.pipe(process.stderr);
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(pieces).toString('utf8'))
        : reject(new Error(`the rehearsal ended with ${code}`)),
    );
  });
}

const ESCAPE = '\u001b';

function plain(text: string): string {
  return text
    .split(ESCAPE)
    .map((piece, index) => (index === 0 ? piece : piece.replace(/^\[[0-9;]*m/, '')))
    .join('');
}

function scenes(transcript: string): readonly string[] {
  const lines = transcript.split('\n');
  return SCENES.flatMap(([first, last]) => {
    const from = lines.findIndex((line) => plain(line).startsWith(first));
    const to = lines.findIndex((line, index) => index > from && plain(line).startsWith(last));
    if (from === -1 || to === -1) throw new Error(`the rehearsal has no part from "${first}" to "${last}"`);
    return lines.slice(from, to);
  });
}

interface Piece {
  readonly text: string;
  readonly colour: string;
  readonly bold: boolean;
}

function piecesOf(line: string): readonly Piece[] {
  let colour = TEXT;
  let bold = false;
  return line.split(ESCAPE).flatMap((part, index) => {
    const [sequence, codes = ''] = index === 0 ? ['', ''] : (/^\[([0-9;]*)m/.exec(part) ?? ['', '']);
    for (const code of codes.split(';')) {
      if (code === '0' || code === '39') colour = TEXT;
      else colour = COLOURS[code] ?? colour;
      if (code === '1') bold = true;
      if (code === '22' || code === '0') bold = false;
    }
    const text = part.slice(sequence.length);
    return text === '' ? [] : [{ text, colour, bold }];
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function draw(lines: readonly string[]): string {
  const height = lines.length * CELL.height + 2 * MARGIN;
  const width = COLUMNS * CELL.width + 2 * MARGIN;
  const rows = lines.map((line, row) => {
    let column = 0;
    const spans = piecesOf(line).map(({ text, colour, bold }) => {
      const x = (MARGIN + column * CELL.width).toFixed(1);
      column += Array.from(text).length;
      const length = (Array.from(text).length * CELL.width).toFixed(1);
      return `<tspan x="${x}" textLength="${length}" fill="${colour}"${bold ? ' font-weight="bold"' : ''}>${escaped(text)}</tspan>`;
    });
    return `<text y="${MARGIN + (row + 1) * CELL.height - 5}">${spans.join('')}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A rehearsal of Signalbox in a terminal">`,
    `<rect width="100%" height="100%" rx="8" fill="${PAGE}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">`,
    ...rows,
    '</g></svg>',
    '',
  ].join('\n');
}

const folder = await mkdtemp(join(tmpdir(), 'signalbox-record-'));
try {
  const transcript = await play(folder);
  await writeFile(join(import.meta.dirname, '..', 'docs', 'rehearsal.svg'), draw(scenes(transcript)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
