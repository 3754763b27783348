/** Numbers of the zip format: where which field lies, all little-endian. */

export const LOCAL = { signature: 0x04034b50, length: 30 } as const;
export const RECORD = { signature: 0x02014b50, length: 46 } as const;
export const DESCRIPTOR_SIGNATURE = 0x08074b50;
export const END = { signature: 0x06054b50, length: 22, longestComment: 0xffff } as const;
export const END64 = { signature: 0x06064b50, length: 56 } as const;
export const LOCATOR64 = { signature: 0x07064b50, length: 20 } as const;

/** Bits of the general purpose flag. */
export const FLAG = {
  encrypted: 0x1,
  descriptor: 0x8,
  patched: 0x20,
  strong: 0x40,
  utf8: 0x800,
  masked: 0x2000,
} as const;

/** Ids of extra fields. */
export const EXTRA = { zip64: 0x0001, unicodePath: 0x7075 } as const;

export const MAX16 = 0xffff;
export const MAX32 = 0xffff_ffff;

/** What may lie between the data of an entry and the next one, beyond what its record tells: the local extra field and the data descriptor. */
export const LONGEST_SLACK = MAX16 + 24;

/** A view that reads numbers out of bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A number of 64 bits; above 2^53 it is not exact, which is enough to refuse it. */
export function long(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

/** One extra field of a header. */
export interface ExtraField {
  readonly id: number;
  /** Where its content begins in the view, and how long it is. */
  readonly at: number;
  readonly length: number;
}

/** The extra fields between two places; null when they do not fill the room exactly. */
export function extraFields(view: DataView, from: number, to: number): readonly ExtraField[] | null {
  const fields: ExtraField[] = [];
  let at = from;
  while (at + 4 <= to) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > to) return null;
    fields.push({ id: view.getUint16(at, true), at: at + 4, length });
    at += 4 + length;
  }
  return at === to ? fields : null;
}
