import { ObjectId } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { PickRef } from '../domain/pick.ts';
import { CandidateVersion, ReleaseVersion } from '../domain/version.ts';
import { standingOf, type PickObserved, type PickRecord, type StandingPick } from '../process/06-cherry-pick/index.ts';

interface StandingDraft {
  readonly pr?: number;
  readonly title?: string;
  readonly author?: string;
  readonly fixes?: string | null;
  readonly landedBy?: ObjectId;
  readonly candidate?: string;
  readonly refused?: string;
  readonly record?: Partial<PickRecord>;
  readonly seen?: Partial<PickObserved>;
}

/** A pick as it stands, for tests: asked for by alice on 1 June 2026, its pull request open, unless said otherwise. */
export function standing(draft: StandingDraft = {}): StandingPick {
  const at = Instant.parse('2026-06-01T12:00:00Z');
  const record: PickRecord = {
    pick: PickRef.parse({ repo: 'core', pr: draft.pr ?? 7, onto: 'release/2.8' }),
    release: ReleaseVersion.parse('2.8.0'),
    class: 'regression',
    fixes: draft.fixes === undefined ? 'https://forge.example/acme/core/issues/5' : draft.fixes,
    askedBy: 'alice',
    askedAt: at,
    via: null,
    decided: draft.refused === undefined ? { is: 'open' } : { is: 'refused', by: 'rita', at, text: draft.refused },
    appealed: false,
    dispensation: null,
    reminded: [],
    ...draft.record,
  };
  const seen: PickObserved = {
    author: draft.author ?? 'alice',
    title: draft.title ?? 'Fix it',
    isMerged: true,
    pull: {
      does: 'pick',
      number: 100 + (draft.pr ?? 7),
      state: 'open',
      head: ObjectId.parse('a'.repeat(40)),
      link: 'https://forge.example/acme/core/pull/107',
      jobs: null,
    },
    landings: [],
    landedBy: draft.landedBy ?? null,
    takenBack: null,
    candidate: draft.candidate === undefined ? null : CandidateVersion.parse(draft.candidate),
    released: null,
    conflict: null,
    ...draft.seen,
  };
  return standingOf(record, seen, ['rita']);
}
