import type { AskStanding } from '../../domain/ask.ts';
import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { releaseOfEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import { asksOf, type NamedAsk } from '../../domain/train/asks.ts';
import { releaseOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { finalCandidate } from '../../engine/fold-decisions.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import {
  askGate,
  foldAsk,
  judgeAsk,
  readAsk,
  readAskWorld,
  type AskPorts,
  type FinalFacts,
} from '../../process/02-prepare/index.ts';
import { ownersOf } from '../announce/owners.ts';
import type { App } from '../app.ts';
import { indexOf } from '../index-of.ts';
import { entriesOf } from '../record.ts';
import { withLinks } from './look-at-links.ts';
import { ownFacts } from './own-facts.ts';

interface Wanted {
  readonly only?: readonly string[] | null;
  /** Whether what takes long is done too: the links of texts are looked at. */
  readonly inFull?: boolean;
}

/** How the asks of a release stand, read afresh, in the order of the train file. Only those that are named, where some are. */
export async function askStandings(
  app: App,
  release: ReleaseVersion,
  { only = null, inFull = false }: Wanted = {},
): Promise<readonly AskStanding[]> {
  const asks = asksOf(app.loaded.train, release).filter(({ name }) => only?.includes(name) ?? true);
  if (asks.length === 0) return [];
  const all = await entriesOf(app);
  const entries = all.filter(({ event }) => [release, null].includes(releaseOfEvent(event)));
  const ports = await portsOf(app, release, { asks, all, recorded: finalManifest(entries, release) });
  const world = await readAskWorld(ports);
  return Promise.all(
    asks.map(async (named) => {
      const reading = await readAsk(named, foldAsk(entries, named.name, release), { ports, world });
      const standing = judgeAsk(reading, world, {
        owners: ownersOf(app.loaded.train, named.ask.owner, ports.now),
        now: ports.now,
      });
      return inFull ? withLinks(app, standing) : standing;
    }),
  );
}

/** The gates of the asks: `ask:NAME`. */
export async function judgeAsks(
  app: App,
  release: ReleaseVersion,
  {
    waivers,
    now,
    wanted,
  }: { readonly waivers: readonly Waiver[]; readonly now: Instant; readonly wanted: readonly string[] },
): Promise<readonly Gate[]> {
  const standings = await askStandings(app, release, { inFull: wanted.length > 0 });
  return standings.map((standing) => askGate(standing, { release, waivers, now }));
}

interface Asked {
  readonly asks: readonly NamedAsk[];
  /** Entries of all releases. */
  readonly all: readonly LedgerEntry[];
  readonly recorded: RecordedManifest | null;
}

async function portsOf(app: App, release: ReleaseVersion, { asks, all, recorded }: Asked): Promise<AskPorts> {
  const { forge, git, clock, loaded } = app;
  const channels = asks.flatMap(({ ask }) =>
    ask.done.flatMap((probe) => (probe.by === 'package' ? [probe.channel] : [])),
  );
  const isIssue = asks.some(({ ask }) => ask.sent.way === 'issue');
  const [indexes, login] = await Promise.all([
    Promise.all([...new Set(channels)].map(async (name) => [name, await indexOf(app, name)] as const)),
    isIssue && forge !== null ? app.who() : '',
  ]);
  const { train } = loaded;
  const own = asks.map((named) => [named.name, ownFacts(named, { train, release, entries: all, recorded })] as const);
  return {
    train,
    release,
    forge,
    git,
    login,
    indexes: new Map(indexes),
    final: recorded === null ? null : finalFacts(recorded),
    own: new Map(own),
    now: clock.now(),
  };
}

function finalManifest(entries: readonly LedgerEntry[], release: ReleaseVersion): RecordedManifest | null {
  const final = finalCandidate(entries, release);
  return final === null ? null : manifestFor(foldManifests(entries), final.candidate);
}

/** The packages of the final candidate, by its manifest: what is asked about is what comes out, and not what the train file would like. */
function finalFacts({ candidate: own, manifest }: RecordedManifest): FinalFacts {
  const versions = new Map<string, CandidateVersion>(manifest.repos.map(({ repo, candidate }) => [repo, candidate]));
  const packages = new Map<string, string>();
  for (const { cell, repo } of manifest.files) {
    const candidate = versions.get(repo);
    const [name] = cell.split('/');
    if (name !== undefined && candidate !== undefined) packages.set(name, releaseOf(candidate));
  }
  return { candidate: own, packages: [...packages].map(([name, version]) => ({ name, version })) };
}
