import { z } from 'zod';

const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
const SIZE = /^(?<number>\d{1,6}(?:\.\d{1,3})?) ?(?<unit>B|KiB|MiB|GiB|TiB)$/;

/** A size as people write it, `1.5 GiB`; in bytes once read. */
export const Size = z.string().transform((text, context): number => {
  const bytes = bytesOf(text);
  if (bytes !== null) return bytes;
  context.addIssue({
    code: 'custom',
    message: 'not a size: write a number and B, KiB, MiB, GiB or TiB, as in 100 MiB',
  });
  return z.NEVER;
});

function bytesOf(text: string): number | null {
  const { number, unit } = SIZE.exec(text)?.groups ?? {};
  const factor = Object.entries(UNITS).find(([name]) => name === unit)?.[1];
  return number === undefined || factor === undefined ? null : Math.round(Number(number) * factor);
}

/** `888 MiB`, `1.5 GiB`: at most one digit behind the point, none from 100 on. */
export function sizeText(bytes: number): string {
  const [unit, factor] =
    Object.entries(UNITS)
      .toReversed()
      .find(([, each]) => bytes >= each) ?? (['B', 1] as const);
  const count = bytes / factor;
  const rounded = count >= 100 ? Math.round(count).toString() : (Math.round(count * 10) / 10).toString();
  return `${rounded} ${unit}`;
}
