import { randomBytes } from 'node:crypto';
import type { FormField } from './fields.ts';

/** A form with one file, cut where the file's bytes come. */
export interface Form {
  readonly contentType: string;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Of everything, the file included. */
  readonly length: number;
}

/** The form as multipart/form-data (RFC 7578); the file comes last, so that nothing of it counts before its last byte was sent. */
export function formOf(fields: readonly FormField[], file: { readonly name: string; readonly size: number }): Form {
  const boundary = boundaryOutside(fields);
  const parts = fields.map(([name, value]) => part(boundary, `name="${name}"`, '') + value + '\r\n');
  const type = 'Content-Type: application/octet-stream\r\n';
  // A wheel's name has no quotes and no line ends: parseWheelFileName let it through.
  const head = Buffer.from(parts.join('') + part(boundary, `name="content"; filename="${file.name}"`, type));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head,
    tail,
    length: head.length + file.size + tail.length,
  };
}

function part(boundary: string, disposition: string, more: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n`;
}

/** Of chance, and in no field; that it is in a wheel by chance needs 2^128 wheels. */
function boundaryOutside(fields: readonly FormField[]): string {
  for (;;) {
    const boundary = `signalbox-${randomBytes(16).toString('hex')}`;
    if (fields.every(([, value]) => !value.includes(boundary))) return boundary;
  }
}
