import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import type { RepoKey } from '../../domain/repo.ts';
import type { Train } from '../../domain/train/train.ts';
import type { Line, ReleaseVersion } from '../../domain/version.ts';
import type { Carried, NotCarried } from '../../history/carried.ts';

/** One repository's earlier line against that of the release. `value` is null where it has no earlier line. */
export interface RepoCarried {
  readonly repo: RepoKey;
  readonly found: Observed<{ readonly from: Line; readonly isCut: boolean; readonly carried: Carried } | null>;
}

const CARRY_GATE = GateId.parse('carry-forward');

/**
 * The gate `carry-forward` of a release: nothing of the line before is missing from it, so that nobody who updates loses a fix. None where no repository has
 * an earlier line.
 */
export function decideCarriedGate(
  release: ReleaseVersion,
  repos: readonly RepoCarried[],
  { train, waivers, now }: { readonly train: Train; readonly waivers: readonly Waiver[]; readonly now: Instant },
): readonly Gate[] {
  if (repos.every(({ found }) => found.known && found.value === null)) return [];
  const unread = repos.flatMap(({ repo, found }) => (found.known ? [] : [{ repo, reason: found.reason }]));
  const all = repos.flatMap(({ repo, found }) =>
    found.known && found.value !== null ? found.value.carried.not.map((not) => ({ repo, not })) : [],
  );
  const counted = repos.flatMap(({ found }) => (found.known && found.value !== null ? [found.value.carried] : []));
  const carried = counted.reduce((sum, each) => sum + each.carried, 0);
  const dropped = counted.reduce((sum, each) => sum + each.dropped, 0);
  const missing = all.filter(({ not }) => not.is !== 'unsure');
  const base = {
    ...emptyGate(CARRY_GATE, train.roles['release-manager']),
    evidence: [
      ...all.map(({ repo, not }): Evidence => ({
        text: notText(repo, not),
        source: `git history of ${repo}`,
        at: now,
      })),
      ...unread.map(({ repo, reason }): Evidence => ({ text: `${repo}: ${reason}`, source: repo, at: now })),
    ],
  };
  const from = [
    ...new Set(repos.flatMap(({ found }) => (found.known && found.value !== null ? [found.value.from] : []))),
  ];
  const look = `signalbox patch carried ${release}`;
  const gate = ((): Gate => {
    if (missing.length > 0) {
      const names = missing.map(({ repo, not }) => nameOf(repo, not));
      const shown =
        names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
      return {
        ...base,
        verdict: 'failing',
        summary: `${missing.length} of ${from.join(', ')} missing: ${shown}`,
        fix: look,
      };
    }
    if (unread.length > 0) {
      const names = unread.map(({ repo }) => repo).join(', ');
      return { ...base, summary: `could not be read: ${names}`, fix: `make it readable, then: ${look}` };
    }
    if (all.length > 0) {
      return { ...base, verdict: 'needs-you', summary: `${all.length} of ${from.join(', ')} not clear`, fix: look };
    }
    const also = dropped === 0 ? '' : `; ${dropped} taken back by main`;
    return {
      ...base,
      verdict: 'pass',
      summary: `${carried} changes of ${from.join(', ')} are there${also}`,
      fix: null,
    };
  })();
  return [withWaiver(gate, waivers, now)];
}

function nameOf(repo: string, { pull, commit }: NotCarried): string {
  return pull === null ? `${repo} ${commit.slice(0, 9)}` : `${repo}#${pull}`;
}

function notText(repo: string, not: NotCarried): string {
  return `${nameOf(repo, not)} ${not.title}: ${not.why}`;
}
