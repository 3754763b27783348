import type { Observed } from '../../domain/observation.ts';
import type { State } from '../../domain/state.ts';
import type { ShownPlace } from './observe.ts';
import type { PublishedRelease } from './published.ts';

/** What a place shows, in words: the sentence, then each thing that is not as it should be. */
export interface PlaceWords {
  readonly state: State;
  readonly text: string;
  readonly findings: readonly string[];
}

/** What one place shows now; that it could not be read is no data, and never good. */
export function placeWords(place: Observed<ShownPlace>): PlaceWords {
  if (!place.known) {
    return { state: 'no-data', text: `${place.source} could not be read: ${place.reason}`, findings: [] };
  }
  const { where, wanted, faults, surplus } = place.value;
  const findings = [...faults, ...surplus.map((name) => `${name} is there, and nobody decided on it`)];
  if (findings.length === 0) return { state: 'pass', text: `${where}: all ${wanted} as they should be`, findings };
  const state = surplus.length === 0 && faults.length === wanted ? 'queued' : 'failing';
  const counts = `${wanted - Math.min(wanted, faults.length)} of ${wanted} as they should be`;
  const extra = surplus.length === 0 ? '' : `, ${surplus.length} that nobody decided on`;
  return { state, text: `${where}: ${counts}${extra}`, findings };
}

/** Whether the release is out and as it should be. */
export function publishedVerdict({
  holds,
  publishedAt,
  release,
}: Pick<PublishedRelease, 'holds' | 'publishedAt' | 'release'>): { readonly state: State; readonly text: string } {
  if (holds) {
    return {
      state: 'pass',
      text: `${release} is released: every place was read from outside, and shows exactly its files.`,
    };
  }
  return publishedAt === null
    ? { state: 'queued', text: `${release} is not released.` }
    : { state: 'failing', text: `${release} was published and is not as it should be.` };
}
