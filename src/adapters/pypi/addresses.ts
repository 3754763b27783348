import { LOOPBACK_HOSTS } from '../../domain/loopback.ts';
import { normalizeName } from '../../domain/package-name.ts';

/** Where the parts of an index are. */
export interface IndexAddresses {
  /** The list of files: `…/simple/`. */
  readonly simple: URL;
  /** The record of each version: `…/pypi/`. */
  readonly records: URL;
  /** What both stand in. */
  readonly root: URL;
}

/** From where the list of files begins (`…/simple/`), or from the folder that holds `simple/` and `pypi/`. */
export function addressesOf(address: string): IndexAddresses {
  const given = new URL(address.endsWith('/') ? address : `${address}/`);
  const simple = given.pathname.endsWith('/simple/') ? given : new URL('simple/', given);
  return { simple, records: new URL('../pypi/', simple), root: new URL('../', simple) };
}

/** The page on which a person who owns the project yanks a version, or takes that back. */
export function managePage({ root }: IndexAddresses, project: string, version: string): string {
  return new URL(`manage/project/${normalizeName(project)}/release/${encodeURIComponent(version)}/`, root).href;
}

/** Whether what is sent there can be read by nobody on the way: over TLS, or on this machine only. */
export function isPrivate(url: URL): boolean {
  return url.protocol === 'https:' || LOOPBACK_HOSTS.has(url.hostname);
}
