import { ArtifactsView, type ArtifactCell } from '../../api/views/artifacts.ts';
import { artifactsOf, type ReleaseArtifacts } from '../../app/artifacts/overview.ts';
import { parseRelease } from '../../app/releases.ts';
import type { ViewedCell } from '../../app/artifacts/view.ts';
import { CELL_STATES } from '../../domain/cell-state.ts';
import { succeed } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { artifactsDoc } from '../../web/pages/artifacts.ts';
import { pageOf } from '../page.ts';

/** The files of a release. Every stage is only looked through where it is asked for: that asks each store about each file. */
export const artifactsPage = pageOf<ArtifactsView>({
  name: 'artifacts',
  path: '/r/:release/artifacts',
  summary: 'Files of a release: package x platform x accelerator x Python, sizes against limits, stages',
  schema: ArtifactsView,
  reads: ['candidate', 'stages'],
  budget: 60_000,
  read: async ({ app, params, query }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const found = await artifactsOf(app, release.value, {
      candidate: query['candidate'] ?? null,
      stages: query['stages'] === 'all',
    });
    if (!found.ok) return found;
    const { view, stages } = found.value;
    const isUnread = stages?.ok === true && stages.value.some((place) => !place.known);
    return succeed({
      view: viewOf(app.loaded.train, release.value, found.value),
      asOf: view.at,
      stale: isUnread || view.cells.some(({ state }) => CELL_STATES[state].state === 'no-data'),
    });
  },
  doc: artifactsDoc,
});

function viewOf(
  train: Train,
  release: ReleaseVersion,
  { view, candidates, sizes, stages }: ReleaseArtifacts,
): ArtifactsView {
  const { recorded } = view;
  const cells = view.cells.map(cellOf);
  const packages = [...new Set(cells.map((cell) => cell.package))];
  return {
    release,
    product: train.product,
    candidate: view.candidate,
    candidates: [...candidates],
    from: view.from,
    channel: view.channel,
    recorded:
      recorded === null ? null : { digest: recorded.digest, by: recorded.by, at: recorded.at, proof: recorded.proof },
    platforms: Object.entries(train.artifacts.platforms).map(([name, { short }]) => ({ name, title: short ?? name })),
    cells,
    skipped: view.skipped.map(({ key, cell, rule }) => ({ ...placeOf(key, cell), reason: rule.reason })),
    gates: view.gates.map(({ id, verdict, summary, evidence, fix }) => ({
      id,
      verdict,
      summary,
      evidence: evidence.map(({ text }) => text),
      fix,
    })),
    sizes: packages.map((name) => sizesOf(name, cells, sizes)),
    stages: stages === null ? null : stagesView(stages),
  };
}

function placeOf(key: ViewedCell['expected']['key'], cell: ViewedCell['expected']['cell']) {
  const { package: name, kind, platform, accelerator, python, variant = null } = cell;
  return { key, package: name, kind, platform, accelerator, python, variant };
}

function cellOf({ expected, state, key, size, digest, run }: ViewedCell): ArtifactCell {
  const folder = expected.folder === '' ? '' : `${expected.folder}/`;
  return {
    ...placeOf(expected.key, expected.cell),
    experimental: expected.stage === 'experimental',
    file: key ?? `${folder}${expected.file}`,
    state,
    size,
    digest,
    run: run === null ? null : { job: run.job, link: run.link },
    publish: expected.publish.map(({ channel, file, fileLimit }) => ({ channel, file, limit: fileLimit })),
  };
}

/** The largest file of a package by candidate; of those that go to an index where some do, since only these have a limit. */
function sizesOf(
  name: string,
  cells: readonly ArtifactCell[],
  sizes: ReleaseArtifacts['sizes'],
): ArtifactsView['sizes'][number] {
  const own = cells.filter((cell) => cell.package === name);
  const limited = own.filter(({ publish }) => publish.some(({ limit }) => limit !== null));
  const counted = new Set((limited.length > 0 ? limited : own).map(({ key }) => key));
  const [tightest] = limited
    .flatMap(({ publish }) =>
      publish.flatMap(({ channel, limit }) => (limit === null ? [] : [{ channel, bytes: limit }])),
    )
    .toSorted((left, right) => left.bytes - right.bytes);
  return {
    package: name,
    limit: tightest ?? null,
    points: sizes.flatMap(({ candidate, files }) => {
      const bytes = files.flatMap(({ cell, size }) => (counted.has(cell) ? [size] : []));
      return bytes.length === 0 ? [] : [{ candidate, bytes: Math.max(...bytes) }];
    }),
  };
}

function stagesView(stages: NonNullable<ReleaseArtifacts['stages']>): ArtifactsView['stages'] {
  if (!stages.ok) return { places: [], reason: stages.problems[0].text };
  return {
    reason: null,
    places: stages.value.map((place) => {
      if (!place.known) return { known: false, place: place.source, at: place.at, reason: place.reason };
      const { channel, place: name, equal, absent, differs } = place.value;
      return {
        known: true,
        channel,
        place: name,
        at: place.at,
        equal: equal.map(({ cell }) => cell),
        absent: absent.map(({ cell }) => cell),
        differs: differs.map(({ file, why }) => ({ cell: file.cell, why })),
      };
    }),
  };
}
