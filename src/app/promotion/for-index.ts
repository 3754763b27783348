import { expectedArtifacts, explainExpectation } from '../../domain/expected/expected.ts';
import type { FileAt } from '../../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { sinksOfChannel, sinksOfKind } from '../../domain/train/sinks.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { filesForIndex, type FileForIndex } from '../../process/07-finalize/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { homeOf } from './backup-facts.ts';
import { finalManifest } from './final.ts';

/** The wheels of the final candidate that go to the package index, where they lie and where they are staged. */
export interface IndexBound {
  readonly recorded: RecordedManifest;
  /** The channel of the index. */
  readonly channel: string;
  readonly files: readonly { readonly file: FileForIndex; readonly from: FileAt; readonly staged: FileAt }[];
}

/** What goes to the index of a release; refuses when something that should go is not among the candidate's files: a short list is never published. */
export async function indexBound(app: App, release: ReleaseVersion): Promise<Result<IndexBound, AppProblem>> {
  const { train } = app.loaded;
  const { staging, pypi } = train.promotion;
  if (pypi === null || staging === null) return refuse(noIndex(train));
  const recorded = await finalManifest(app, release);
  if (!recorded.ok) return recorded;
  const expected = expectedArtifacts(train, release);
  if (!expected.ok) return refused('promotion-nothing-expected', explainExpectation(expected.problems[0]));
  const { manifest } = recorded.value;
  const { files, absent } = filesForIndex(manifest, expected.value, pypi);
  const [lacking] = absent;
  if (lacking !== undefined) {
    return refused(
      'promotion-short',
      `${absent.length} ${absent.length === 1 ? 'wheel' : 'wheels'} for ${pypi} would be missing, ${lacking.key} first: ${manifest.candidate} was recorded without it. A release goes to the index whole. See: signalbox artifact matrix ${manifest.candidate}`,
    );
  }
  if (files.length === 0) {
    return refused(
      'promotion-empty',
      `Nothing of ${release} goes to ${pypi}: the train's rules choose none of its files. An empty promotion is a mistake in the rules: signalbox config explain artifacts.publish`,
    );
  }
  const line = lineOf(release);
  const homes = sinksOfChannel(train, manifest.channel, line);
  const [home] = sinksOfKind(sinksOfChannel(train, staging, line), 'wheel').filter(
    ({ store }) => store === 'object-store',
  );
  if (home === undefined) return refuse(noStaging(staging));
  const placed = files.flatMap((file) => {
    const from = homeOf(homes, file.source);
    const staged = { channel: home.channel, place: home.place, key: file.key };
    return from === null ? [] : [{ file, from, staged }];
  });
  return succeed({ recorded: recorded.value, channel: pypi, files: placed });
}

function refused(code: string, text: string): Result<never, AppProblem> {
  return refuse({ kind: 'refused', code, text });
}

function noIndex({ promotion }: Train): AppProblem {
  const key = promotion.pypi === null ? 'promotion.pypi' : 'promotion.staging';
  return {
    kind: 'usage',
    code: 'promotion-no-index',
    text: `The train does not say where its wheels for a package index go. Name the channel: signalbox config explain ${key}`,
  };
}

function noStaging(channel: string): AppProblem {
  return {
    kind: 'usage',
    code: 'promotion-no-place',
    text: `Channel ${channel} has no store of objects that holds wheels. Give it one: signalbox config explain channels`,
  };
}
