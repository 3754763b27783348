import { explainExpectation } from '../../domain/expected/expected.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { NamedAsk } from '../../domain/train/asks.ts';
import type { Train } from '../../domain/train/train.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { foldAsk, type OwnFacts } from '../../process/02-prepare/index.ts';
import { hostRequest, requestWords, type HostProblem } from '../../process/09-announce/index.ts';

interface OwnOf {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** Of all releases. */
  readonly entries: readonly LedgerEntry[];
  /** Of the final candidate; null while none is, or it was not recorded. */
  readonly recorded: RecordedManifest | null;
}

/** What one ask is filled from by itself: the packages of its platform by the final candidate's recorded manifest, and where it was asked before. */
export function ownFacts(named: NamedAsk, of: OwnOf): OwnFacts {
  const { platform, previous = null } = named.ask;
  return {
    host: platform === undefined || of.recorded === null ? null : hostFacts(of, of.recorded, platform),
    previous: previousLink(named, of) ?? previous,
  };
}

function hostFacts({ train }: OwnOf, { manifest }: RecordedManifest, platform: string): OwnFacts['host'] {
  const request = hostRequest(train, manifest, { platform });
  return request.ok ? { words: requestWords(request.value) } : { why: explainHost(request.problems[0]) };
}

function explainHost(problem: HostProblem): string {
  switch (problem.code) {
    case 'not-expected':
      return explainExpectation(problem.problem);
    case 'nothing-published':
      return `the final candidate's manifest has no package for ${problem.platform} that goes to the package index`;
  }
}

/** Where the same was asked for the newest release before this one. */
function previousLink({ name, ask }: NamedAsk, { train, release, entries }: OwnOf): string | null {
  const { sent } = ask;
  const slug = sent.way === 'issue' ? train.repos[sent.repo]?.slug : undefined;
  const opened = entries.flatMap(({ event }) => (event.type === 'release-created' ? [event.release] : []));
  const before = opened
    .filter((one) => compareVersions(one, release) < 0)
    .toSorted((left, right) => compareVersions(right, left));
  for (const one of before) {
    const { issue, sent: recorded } = foldAsk(entries, name, one);
    if (issue !== null && slug !== undefined && train.forge !== undefined)
      return `${train.forge.web.replace(/\/$/, '')}/${slug}/issues/${issue}`;
    if (recorded !== null && recorded.link !== null) return recorded.link;
  }
  return null;
}
