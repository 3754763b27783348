import { kindOfCell } from '../../domain/artifact.ts';
import type { Edge } from '../../domain/edge.ts';
import type { Manifest } from '../../domain/manifest.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { sinksOfChannel } from '../../domain/train/sinks.ts';
import { lineOf, tagOf, type ReleaseVersion } from '../../domain/version.ts';
import { destine, type ShownPlace } from '../../process/08-promote/index.ts';
import { projectIn, versionIn } from '../../wheel/simple-index/index.ts';
import type { App } from '../app.ts';
export type { ShownPlace } from '../../process/08-promote/index.ts';
import { listChannel, placeOf } from '../channel-index/listing.ts';
import { placesInside } from '../channel-index/places.ts';

import { finalFacts } from './final-tags.ts';
import { openStores } from './read-edges.ts';
import { filesOnIndex, uploadFiles } from './uploads.ts';

/** What the stable channels and their mirrors show of a release, each read as everybody reads it. */
export async function observeStable(app: App, manifest: Manifest): Promise<readonly Observed<ShownPlace>[]> {
  const { train } = app.loaded;
  const line = lineOf(manifest.release);
  const sinks = train.promotion.stable.flatMap((channel) => sinksOfChannel(train, channel, line));
  const { edges } = destine(manifest, { homes: sinksOfChannel(train, manifest.channel, line), sinks });
  const places = [...Map.groupBy(edges, ({ to }) => `${to.channel}#${to.place}`).values()];
  return Promise.all(places.map((some) => observePlace(app, some)));
}

async function observePlace(app: App, edges: readonly Edge[]): Promise<Observed<ShownPlace>> {
  const now = app.clock.now();
  const [first] = edges;
  if (first === undefined) return unknown('no place', now, 'stable');
  const { channel, place } = first.to;
  const where = place === 0 ? channel : `${channel}#${place}`;
  return observe(`channel ${where}`, now, async () => {
    const files = edges.map(({ to, size, digest }) => ({ key: to.key, size, digest }));
    const [faults, surplus] = await Promise.all([app.files.readBack({ channel, place }, files), surplusIn(app, edges)]);
    return { where, wanted: files.length, faults, surplus };
  });
}

/** Wheels that lie there under a name and version of the release without being one of its files. */
async function surplusIn(app: App, edges: readonly Edge[]): Promise<readonly string[]> {
  const wheels = edges.filter(({ cell }) => kindOfCell(cell) === 'wheel').map(({ to }) => to);
  const [first] = wheels;
  if (first === undefined) return [];
  const stores = await openStores(app, [first.channel]);
  const opened = stores.ok ? stores.value.at(first) : stores;
  if (!opened.ok) return [];
  const listing = await listChannel(opened.value.store, placesInside(app.loaded.train, first.channel));
  const wanted = new Set<string>(wheels.map(({ key }) => key));
  const versions = new Set(wheels.map(({ key }) => versionOf(placeOf(key).name)));
  return [...listing.files]
    .filter(([key, { name }]) => !wanted.has(key) && versions.has(versionOf(name)))
    .map(([key]) => key);
}

function versionOf(name: string): string {
  return `${projectIn(name)} ${versionIn(name)}`;
}

/** What the package index shows of a release. Null where nothing of the train goes to one. */
async function observeIndex(app: App, release: ReleaseVersion): Promise<Observed<ShownPlace> | null> {
  const { pypi } = app.loaded.train.promotion;
  if (pypi === null) return null;
  const now = app.clock.now();
  const source = `channel ${pypi}`;
  const bound = await observe(source, now, () => uploadFiles(app, release));
  if (!bound.known) return bound;
  if (!bound.value.ok) return unknown(bound.value.problems[0].text, now, source);
  const to = bound.value.value;
  return observe(source, now, async () => {
    const found = await filesOnIndex(app, to);
    const byName = new Map(found.map((file) => [file.name, file]));
    const wanted = new Set(to.files.map(({ name }) => name));
    return {
      where: to.channel,
      wanted: to.files.length,
      faults: to.files.flatMap(({ name, digest }) => {
        const file = byName.get(name);
        if (file === undefined) return [`${name} is not there`];
        if (file.digest !== digest) return [`${name} has ${file.digest ?? 'no digest'}, not ${digest}`];
        return file.yanked === null ? [] : [`${name} is yanked`];
      }),
      surplus: found.filter(({ name }) => !wanted.has(name)).map(({ name }) => name),
    };
  });
}

/** The final tags of a release, and its releases on the forge where there is one: each on the commit that the manifest names. */
async function observeTags(app: App, manifest: Manifest): Promise<readonly Observed<ShownPlace>[]> {
  const { repos } = await finalFacts(app, manifest);
  return repos.map(({ of, repo, state }): Observed<ShownPlace> => {
    if (!state.known) return state;
    const { final, release } = state.value;
    const tag = tagOf(repo?.release ?? manifest.release);
    const tagFaults =
      final === null
        ? [`${tag} is not there`]
        : final.commit === of.commit
          ? []
          : [`${tag} is at ${final.commit}, not at ${of.commit}`];
    const releaseFaults =
      release === null || release.is === 'published' ? [] : [`the release ${tag} is not published (${release.is})`];
    const faults = [...tagFaults, ...releaseFaults];
    const wanted = release === null ? 1 : 2;
    return { ...state, value: { where: `tag of ${of.repo}`, wanted, faults, surplus: [] } };
  });
}

/** Every place that shows a release: stable channels and mirrors, the index, tags. */
export async function observeRelease(app: App, manifest: Manifest): Promise<readonly Observed<ShownPlace>[]> {
  const [stable, index, tags] = await Promise.all([
    observeStable(app, manifest),
    observeIndex(app, manifest.release),
    observeTags(app, manifest),
  ]);
  return [...stable, ...(index === null ? [] : [index]), ...tags];
}
