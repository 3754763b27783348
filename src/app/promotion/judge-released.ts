import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideReleased, decideStableVerified, type ReleasedToJudge } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import { finalManifest } from './final.ts';
import { observeRelease, observeStable } from './observe.ts';

/** The gates `stable-verified` and `released`; none where the train promotes nothing. */
export async function judgeReleased(
  app: App,
  release: ReleaseVersion,
  {
    waivers,
    now,
    wanted,
  }: { readonly waivers: readonly Waiver[]; readonly now: Instant; readonly wanted: readonly string[] },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (train.promotion.stable.length === 0) return [];
  const deciding = { train, waivers, now };
  const final = await finalManifest(app, release);
  if (!final.ok) {
    const obstacle = final.problems[0].text.split('. ')[0] ?? final.problems[0].text;
    const nothing: ReleasedToJudge = { release, obstacle, places: [] };
    return [decideStableVerified(nothing, deciding), decideReleased(nothing, deciding)];
  }
  const { manifest } = final.value;
  const isAsked = (id: string): boolean => wanted.length === 0 || wanted.includes(id);
  const [stable, all] = await Promise.all([
    isAsked('stable-verified') ? observeStable(app, manifest) : null,
    isAsked('released') ? observeRelease(app, manifest) : null,
  ]);
  return [
    ...(stable === null ? [] : [decideStableVerified({ release, obstacle: null, places: stable }, deciding)]),
    ...(all === null ? [] : [decideReleased({ release, obstacle: null, places: all }, deciding)]),
  ];
}
