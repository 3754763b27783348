import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { parsePep440 } from '../../domain/pep440.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import {
  decideValid,
  readCandidateWheels,
  type CandidateWheel,
} from '../../process/05-candidate/artifacts-valid/index.ts';
import { normalizeName } from '../../domain/package-name.ts';
import type { App } from '../app.ts';
import type { ChannelStore } from '../stores.ts';
import { wheelPolicy } from '../wheel-policy.ts';
import type { CandidateArtifacts } from './candidate.ts';

export interface ValidJudging {
  /** Whether wheels that nobody has read are read now; it takes as long as their bytes take. */
  readonly inFull: boolean;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
  /** What lies in the candidates' channel. */
  readonly artifacts: () => Promise<CandidateArtifacts>;
}

/** Wheels that come to no more bytes than this are read whenever gates are judged. */
const QUICKLY_READ = 256 * 1024 * 1024;

/** The gates `artifacts-valid` of a release; none where the train does not say what is built. */
export async function judgeValid(
  app: App,
  release: ReleaseVersion,
  { inFull, waivers, now, artifacts }: ValidJudging,
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (Object.keys(train.artifacts.packages).length === 0) return [];
  const candidate = await artifacts();
  const store = await wheelStore(app);
  const wheels = store === null ? [] : wheelsOf(app, candidate, store);
  const judged = await readCandidateWheels(wheels, { kept: app.readings, atMost: inFull ? Infinity : QUICKLY_READ });
  const { expectation, channel } = candidate.facts;
  const cells = expectation.ok ? expectation.value.cells.filter(({ cell }) => cell.kind === 'wheel') : [];
  const repos = candidate.facts.repos.map(({ repo }) => ({
    repo,
    expected: cells.filter(({ cell }) => cell.repo === repo.key).length,
  }));
  return decideValid(
    {
      release,
      channel,
      source: store?.store.name ?? `channel ${channel}`,
      repos,
      wheels: judged,
      policy: wheelPolicy(train, { channel, accelerator: null }, null),
    },
    { train, waivers, now },
  );
}

/** The place of the candidates' channel that counts for wheels; null where there is none that opens, of which `artifacts-complete` tells why. */
async function wheelStore(app: App): Promise<ChannelStore | null> {
  const stores = await app.stores.of(app.loaded.train.candidates.channel);
  return stores.ok ? (stores.value.find(({ holds }) => holds === 'wheel' || holds === 'any') ?? null) : null;
}

/** Every wheel that fills a cell alone, in whatever state `artifacts-complete` finds it, as long as it has a digest to be held to. */
function wheelsOf(app: App, { repos, facts }: CandidateArtifacts, { store }: ChannelStore): readonly CandidateWheel[] {
  return repos.flatMap(({ repo, cells }) =>
    cells.flatMap(({ expected, state }): readonly CandidateWheel[] => {
      const { cell, key, version, accelerator } = expected;
      if (cell.kind !== 'wheel' || !('file' in state) || state.file.digest === null) return [];
      const { file } = state;
      const kind = parsePep440(version) === null ? null : { name: normalizeName(cell.package), version };
      const place = { channel: facts.channel, accelerator: accelerator?.name ?? null };
      return [
        {
          repo: repo.key,
          cell: key,
          key: file.key,
          fileName: file.name,
          size: file.size,
          digest: state.file.digest,
          policy: wheelPolicy(app.loaded.train, place, kind),
          source: store.source(file.key),
        },
      ];
    }),
  );
}
