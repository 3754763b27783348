import type { Digest } from '../domain/canonical-json.ts';

/** The machine that is installed on, as the tags of wheels say it. */
export interface InstallTarget {
  /** 3.13, without the `t` of a free-threaded build. */
  readonly python: string;
  /** cp313, or cp313t. */
  readonly abi: string;
  /** Every platform tag that it takes, the newest first. */
  readonly platforms: readonly string[];
}

/** An empty package in place of one that is not asked about. */
export interface StandIn {
  readonly name: string;
  readonly version: string;
}

export interface ResolveQuestion {
  /** The only index that is asked. */
  readonly index: string;
  /** What is to be installed together: `torch==2.8.0+cu126`. */
  readonly requirements: readonly string[];
  readonly target: InstallTarget;
  readonly standIns: readonly StandIn[];
  /** Of everything the answer rests on; another one asks again. */
  readonly restsOn: Digest;
}

/** A package that would be installed from the index. */
export interface PickedPackage {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  readonly digest: Digest | null;
}

/** What an installer came to: stand-ins are left out. */
export type Resolution =
  | { readonly resolved: true; readonly by: string; readonly picked: readonly PickedPackage[] }
  | { readonly resolved: false; readonly by: string; readonly reason: string };

/** The installer that users have. Failures of the world are thrown as errors with a code. */
export interface Resolver {
  /** What it came to before, for the same question; null where it was not asked, or answered nothing. */
  known(question: ResolveQuestion): Promise<Resolution | null>;
  /** Lets it resolve, without installing anything; keeps the answer. */
  resolve(question: ResolveQuestion): Promise<Resolution>;
}
