import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const STYLE = readFileSync(join(import.meta.dirname, '../assets/signalbox.css'), 'utf8');
type Rgb = readonly [number, number, number];

/** Tokens of the style sheet, light and dark. */
const TOKENS = new Map(
  Array.from(
    STYLE.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/gu),
    ([, name = '', light = '', dark = '']) => [name, { light: rgb(light), dark: rgb(dark) }] as const,
  ),
);

function rgb(hex: string): Rgb {
  const at = (place: number): number => Number.parseInt(hex.slice(place, place + 2), 16);
  return [at(1), at(3), at(5)];
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

/** Contrast by WCAG 2. */
function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function blend(over: Rgb, under: Rgb, opacity: number): Rgb {
  const part = (at: 0 | 1 | 2): number => over[at] * opacity + under[at] * (1 - opacity);
  return [part(0), part(1), part(2)];
}

function token(name: string, theme: 'light' | 'dark'): Rgb {
  const found = TOKENS.get(name);
  if (found === undefined) throw new Error(`the style sheet has no --${name}`);
  return found[theme];
}

describe.each(['light', 'dark'] as const)('colours, %s', (theme) => {
  it.each(['pass', 'fail', 'run', 'attn', 'mute', 'text', 'soft', 'link'])(
    '%s is read on every ground it stands on',
    (name) => {
      const grounds = [
        'page',
        'raised',
        ...(['pass', 'fail', 'run', 'attn', 'mute'].includes(name) ? [`${name}-tint`] : []),
      ];
      const weak = grounds.filter((ground) => contrast(token(name, theme), token(ground, theme)) < 4.5);
      expect(weak).toEqual([]);
    },
  );

  it.each(['pass', 'fail', 'run', 'attn', 'mute'])('text is read on the tint of %s', (name) => {
    expect(contrast(token('text', theme), token(`${name}-tint`, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it('borders of controls and the focus are seen', () => {
    expect(contrast(token('control', theme), token('page', theme))).toBeGreaterThanOrEqual(3);
    expect(contrast(token('focus', theme), token('page', theme))).toBeGreaterThanOrEqual(3);
  });

  it('numbers of a heat map are read on its strongest colour', () => {
    const ground = blend(token('run', theme), token('page', theme), 0.5);
    expect(contrast(token('text', theme), ground)).toBeGreaterThanOrEqual(4.5);
  });
});
