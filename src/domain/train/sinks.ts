import type { ArtifactKind } from '../artifact.ts';
import type { Line } from '../version.ts';
import type { Channel, ChannelPlace } from './channels.ts';
import { holdsFor } from './span.ts';
import type { Train } from './train.ts';

/** A place of a channel that files of a kind go to. */
export interface Sink {
  readonly channel: string;
  /** Its number among the places of the channel that are spoken to in the same way, in the order of the train file. */
  readonly place: number;
  readonly store: ChannelPlace['store'];
  readonly holds: ChannelPlace['holds'];
  readonly write: Channel['write'];
  readonly isPublic: boolean;
}

/** The places of a channel that are used for a line. */
export function sinksOfChannel({ channels }: Pick<Train, 'channels'>, channel: string, line: Line): readonly Sink[] {
  const found = channels[channel];
  if (found === undefined) return [];
  const counts = new Map<ChannelPlace['store'], number>();
  return found.places.flatMap((each): readonly Sink[] => {
    const place = counts.get(each.store) ?? 0;
    counts.set(each.store, place + 1);
    if (!holdsFor(each, line)) return [];
    const { store, holds } = each;
    return [{ channel, place, store, holds, write: found.write, isPublic: each.public }];
  });
}

/** Those that take files of a kind: the first counts, the others are its mirrors. */
export function sinksOfKind(sinks: readonly Sink[], kind: ArtifactKind): readonly Sink[] {
  return sinks.filter(({ holds }) => holds === kind || holds === 'any');
}
