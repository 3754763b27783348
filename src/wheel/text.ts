/** The text of a file in a wheel, and the line of the first byte that is not UTF-8; null when all are. */
export interface DecodedText {
  readonly text: string;
  readonly badLine: number | null;
  readonly hasByteOrderMark: boolean;
}

/** Decodes UTF-8; bytes that are not become U+FFFD. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), badLine: null, hasByteOrderMark };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { text: new TextDecoder('utf-8').decode(bytes), badLine: lineOfBadByte(bytes), hasByteOrderMark };
  }
}

function lineOfBadByte(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end === -1 ? bytes.length : end + 1);
    if (!isUtf8(part)) return line;
    if (end === -1) break;
    start = end + 1;
    line += 1;
  }
  return line;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}

/** A text from outside as it stands in a sentence: on one line, and short. */
export function quoted(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return `"${flat.length > 120 ? `${flat.slice(0, 100)}...` : flat}"`;
}
