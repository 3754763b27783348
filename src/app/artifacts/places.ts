import { observe } from '../../domain/observation.ts';
import type { Result } from '../../domain/result.ts';
import type { ChannelPlace } from '../../domain/train/channels.ts';
import type { ArtifactPlace } from '../../process/05-candidate/artifacts/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';

/** The places of a channel that hold artifacts, opened; one that cannot be is there with the reason. */
export async function openPlaces(app: App, channel: string): Promise<readonly ArtifactPlace[]> {
  const places = app.loaded.train.channels[channel]?.places ?? [];
  const has = (store: ChannelPlace['store']): boolean => places.some((place) => place.store === store);
  const name = `channel ${channel}`;
  const [stores, conda] = await Promise.all([
    has('object-store') ? opened(app, name, () => app.stores.of(channel)) : [],
    has('conda') ? opened(app, name, () => app.stores.condaOf(channel)) : [],
  ]);
  return [
    ...(typeof stores === 'string'
      ? closed(places, 'object-store', { name, reason: stores })
      : stores.flatMap(({ holds, store }) =>
          holds === 'docs' ? [] : [{ holds, name: store.name, opened: { as: 'store' as const, store } }],
        )),
    ...(typeof conda === 'string'
      ? closed(places, 'conda', { name, reason: conda })
      : conda.map((each) => ({
          holds: 'conda' as const,
          name: each.name,
          opened: { as: 'conda' as const, conda: each },
        }))),
  ];
}

/** What was opened, or why it was not. */
async function opened<Place>(
  app: App,
  name: string,
  open: () => Promise<Result<readonly Place[], AppProblem>>,
): Promise<readonly Place[] | string> {
  const answer = await observe(name, app.clock.now(), open);
  if (!answer.known) return answer.reason;
  return answer.value.ok ? answer.value.value : answer.value.problems[0].text;
}

function closed(
  places: readonly ChannelPlace[],
  store: ChannelPlace['store'],
  { name, reason }: { readonly name: string; readonly reason: string },
): readonly ArtifactPlace[] {
  return places
    .filter((place) => place.store === store)
    .flatMap(({ holds }) => (holds === 'docs' ? [] : [{ holds, name, opened: { as: 'closed' as const, reason } }]));
}
