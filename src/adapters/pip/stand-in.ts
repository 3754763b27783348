import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { StandIn } from '../../ports/resolver.ts';

/** An empty wheel that any machine takes: enough for an installer to see that the requirement is met. */
export function standInWheel({ name, version }: StandIn): { readonly fileName: string; readonly bytes: Buffer } {
  const stem = `${name.replaceAll(/[-_.]+/g, '_').toLowerCase()}-${version}`;
  const inside = `${stem}.dist-info`;
  const files = [
    { path: `${inside}/METADATA`, text: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n` },
    {
      path: `${inside}/WHEEL`,
      text: 'Wheel-Version: 1.0\nGenerator: signalbox\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    },
  ];
  const record = { path: `${inside}/RECORD`, text: `${files.map(recordLine).join('')}${inside}/RECORD,,\n` };
  return { fileName: `${stem}-py3-none-any.whl`, bytes: zipOf([...files, record]) };
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

function recordLine({ path, text }: TextFile): string {
  const hash = createHash('sha256').update(text).digest('base64url');
  return `${path},sha256=${hash},${Buffer.byteLength(text)}\n`;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** The first of January 1980, the oldest day of a zip. */
const DAY = 0x21;

/** A zip of stored texts. */
function zipOf(files: readonly TextFile[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, text } of files) {
    const [name, bytes] = [Buffer.from(path), Buffer.from(text)];
    const shared = numbers([
      [20, 2], // version needed
      [0x0800, 2], // names in UTF-8
      [0, 2], // stored
      [0, 2], // midnight
      [DAY, 2],
      [crc32(bytes), 4],
      [bytes.length, 4],
      [bytes.length, 4],
      [name.length, 2],
      [0, 2], // no extra field
    ]);
    const local = Buffer.concat([numbers([[LOCAL, 4]]), shared, name, bytes]);
    const place = numbers([
      [0, 2], // no comment
      [0, 2], // on the first disk
      [0, 2],
      [0o100644 * 0x10000, 4],
      [offset, 4],
    ]);
    centrals.push(numbers([[CENTRAL, 4], [0x0314, 2]]), shared, place, name); // prettier-ignore
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = numbers([
    [END, 4],
    [0, 4], // one disk
    [files.length, 2],
    [files.length, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2], // no comment
  ]);
  return Buffer.concat([...locals, directory, end]);
}

/** Numbers of so many bytes each, little end first. */
function numbers(values: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}
