import type { ArgumentSpec } from '../command.ts';

/** Arguments that several commands take. */
export const RELEASE: ArgumentSpec = { name: 'REL', summary: 'release, as 2.8.0', kind: 'release' };
export const RELEASE_OR_NEWEST: ArgumentSpec = {
  name: 'REL',
  summary: 'release, as 2.8.0; the newest one otherwise',
  kind: 'release',
  optional: true,
};
export const CANDIDATE: ArgumentSpec = { name: 'RC', summary: 'candidate, as 2.8.0-rc2', kind: 'candidate' };
export const RELEASE_OR_CANDIDATE: ArgumentSpec = {
  name: 'REL|RC',
  summary: 'release, as 2.8.0, or candidate, as 2.8.0-rc2',
  kind: 'candidate',
};
export const GATE: ArgumentSpec = {
  name: 'GATE',
  summary: 'id of the gate, as docs-build or nightlies-green:vision',
  kind: 'gate',
};
export const PLAN: ArgumentSpec = { name: 'PLAN', summary: 'id of the plan, as p7k2m9', kind: 'plan' };
export const PULL: ArgumentSpec = {
  name: 'PR',
  summary: 'pull request on main: its number, owner/name#NUMBER, or its address',
  kind: 'text',
};
