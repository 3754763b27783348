import type { Observed } from '../domain/observation.ts';
import type { PythonReleases } from '../domain/python-releases.ts';
import type { LoadedTrain } from '../domain/train/train.ts';
import type { ArtifactFiles } from '../ports/artifact-files.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { Git } from '../ports/git.ts';
import type { History } from '../ports/history.ts';
import type { IndexPages } from '../ports/index-pages.ts';
import type { KeptReadings } from '../ports/kept-readings.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Leases, Ledger } from '../ports/ledger.ts';
import type { NoticeBox } from '../ports/notice-box.ts';
import type { PackageFiles } from '../ports/package-files.ts';
import type { ForgeSignIn } from '../ports/forge-sign-in.ts';
import type { LinkLooker } from '../ports/link-looker.ts';
import type { PublicChannel } from '../ports/public-channel.ts';
import type { Resolver } from '../ports/resolver.ts';
import type { Signals } from '../ports/signals.ts';
import type { ViewHistory } from '../ports/view-history.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { Telling } from './notices/telling.ts';
import type { Stores } from './stores.ts';
import type { Partners } from './partners/partners.ts';
import type { Teams } from './team-reader.ts';

/** A train with the ports it works through: what every use case is given. Made by compose.ts; tests make their own. */
export interface App {
  /** The folder of the train file. */
  readonly dir: string;
  readonly loaded: LoadedTrain;
  readonly clock: Clock;
  readonly git: Git;
  /** The history of what `git` fetched. */
  readonly history: History;
  /** Null when the train file names no forge. */
  readonly forge: Forge | null;
  /** Opens the database at the first call: a command that never calls it starts none. */
  readonly ledger: () => Promise<Ledger>;
  readonly leases: () => Promise<Leases>;
  /** Work that survives the process; opens the database as `ledger` does. */
  readonly jobs: () => Promise<Jobs>;
  /** The word between processes that something changed; opens the database as `ledger` does. */
  readonly signals: () => Promise<Signals>;
  /** What pages showed; opens the database as `ledger` does. */
  readonly viewHistory: () => Promise<ViewHistory>;
  /** Who is signed in, and tokens; opens the database as `ledger` does. */
  readonly sessions: () => Promise<Sessions>;
  /** What people wish to be told, and what was told; opens the database as `ledger` does. */
  readonly notices: () => Promise<NoticeBox>;
  /** By what people are told. */
  readonly telling: Telling;
  /** Null where nobody can sign in by the forge: no forge, or no OAuth app in the environment. */
  readonly signIn: ForgeSignIn | null;
  /** The teams that have roles. */
  readonly teams: Teams;
  /** Login of who gives the command: the forge's word on the token, or the local user where there is no forge. */
  readonly who: () => Promise<string>;
  readonly stores: Stores;
  /** What was read out of bytes that never change; may be deleted at any time. */
  readonly readings: KeptReadings;
  /** The pages of the package indexes that lie in these stores. */
  readonly pages: IndexPages;
  /** The package indexes of the channels, as whoever publishes sees them. */
  readonly packages: PackageFiles;
  /** The files in these stores. */
  readonly files: ArtifactFiles;
  /** The addresses in texts, as whoever reads them reaches them. */
  readonly links: LinkLooker;
  /** The channels as everybody sees them. */
  readonly outside: PublicChannel;
  /** The releases of CPython, as the data beside the train file or the shipped one tells. */
  readonly pythonReleases: () => Promise<Observed<PythonReleases>>;
  /** Partners of the train: how they are reached, and what messages to them are signed with. */
  readonly partners: Partners;
  /** What users install with. */
  readonly resolver: Resolver;
  /** Closes connections; the database server itself goes on for the next command. */
  readonly close: () => Promise<void>;
}
