import { storedIndexPages } from '../adapters/index-pages/index.ts';
import type { IndexPages } from '../ports/index-pages.ts';
import { NoSuchPlaceError } from './no-such-place.ts';
import type { Stores } from './stores.ts';

/** The pages of indexes, in the stores that the train's channels name. */
export function composePages(stores: Stores): IndexPages {
  return storedIndexPages(async ({ channel, place }) => {
    const opened = await stores.of(channel);
    if (!opened.ok) throw new NoSuchPlaceError(channel, place, opened.problems[0].text);
    const writable = opened.value[place]?.writable;
    if (writable === undefined) throw new NoSuchPlaceError(channel, place, 'the train file names no store there');
    if (!writable.ok) throw new NoSuchPlaceError(channel, place, writable.problems[0].text);
    return writable.value;
  });
}
