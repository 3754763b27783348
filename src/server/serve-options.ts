import type { App } from '../app/app.ts';
import type { RunCommand } from './command-route.ts';
import type { Log } from './duties.ts';
import type { AnyAction, Page } from './page.ts';
import type { SafeStart } from './safe-start.ts';

/** How a server is to serve. */
export interface ServeOptions {
  readonly app: App;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** As `safeStart` has it: only this machine reaches the server, and which address people see. */
  readonly safe: SafeStart;
  /** Whether a proxy of ours stands before it. */
  readonly behindProxy: boolean;
  /** What the forge signs its webhooks with; none: no webhooks are taken in. */
  readonly webhookSecrets: readonly string[];
  /** Whether this process acts on what came in and on the clock, besides answering. */
  readonly works: boolean;
  /** Whether it reads its main pages when it starts, before anybody looks. */
  readonly warmsUp: boolean;
  /** As `Snapshots` has it; for tests. */
  readonly patience?: () => Promise<unknown>;
  /** Runs command lines for callers elsewhere; left out, it does not. */
  readonly run?: RunCommand;
  /** Of Signalbox. */
  readonly version: string;
  readonly log: Log;
  /** Others than those of the product; for tests. */
  readonly pages?: readonly Page[];
  readonly actions?: readonly AnyAction[];
}
