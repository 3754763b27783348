import { expectedArtifacts, type ExpectationProblem } from '../../../domain/expected/expected.ts';
import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import type { Manifest } from '../../../domain/manifest.ts';
import { withoutLocal } from '../../../domain/pep440.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { printSpecifiers } from '../../../domain/specifier.ts';
import type { Train } from '../../../domain/train/train.ts';
import { tagOf } from '../../../domain/version.ts';
import { parseRequirement } from '../../../wheel/requirement.ts';

/** What a host of notebooks is asked to take: exactly the packages of the candidate, and what comes with them (DAY-03). */
export interface HostRequest {
  /** `torch 2.13.0`, in the order of the train. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** As users get it on Linux, from the package index. */
  readonly install: string;
  readonly pythons: readonly string[];
  /** `CUDA 13.0`: the build that is on the package index. */
  readonly accelerator: string;
  /** What the packages require from outside, by package: `triton ==3.4.0`. */
  readonly requires: readonly string[];
  readonly notes: string | null;
}

export type HostProblem =
  | { readonly code: 'not-expected'; readonly problem: ExpectationProblem }
  | { readonly code: 'nothing-published'; readonly platform: string };

/** Reads from a candidate's manifest what a host is asked for. Nothing is typed by hand, so that no package is asked for that the release has not. */
export function hostRequest(
  train: Train,
  manifest: Manifest,
  { platform }: { readonly platform: string },
): Result<HostRequest, HostProblem> {
  const expected = expectedArtifacts(train, manifest.release);
  if (!expected.ok) return refuse({ code: 'not-expected', problem: expected.problems[0] });
  const files = new Map(manifest.files.map((file) => [file.cell, file]));
  const { pypi } = train.promotion;
  const cells = expected.value.cells.filter(
    ({ key, cell, publish }) =>
      files.has(key) &&
      cell.kind === 'wheel' &&
      (cell.platform === platform || cell.platform === null) &&
      publish.some(({ channel }) => channel === pypi),
  );
  const [first] = cells;
  if (first === undefined) return refuse({ code: 'nothing-published', platform });
  const versions = new Map(cells.map(({ cell, version }) => [cell.package, withoutLocal(version)]));
  const packages = [...versions].map(([name, version]) => ({ name, version }));
  const required = cells.flatMap(({ key }) => files.get(key)?.requires ?? []);
  return succeed({
    packages,
    install: `pip3 install ${packages.map(({ name, version }) => `${name}==${version}`).join(' ')}`,
    pythons: pythonsOf(cells),
    accelerator: acceleratorOf(first),
    requires: outsideOf(train, required),
    notes: notesOf(train, manifest),
  });
}

function pythonsOf(cells: readonly ExpectedCell[]): readonly string[] {
  return [...new Set(cells.flatMap(({ cell }) => cell.python ?? []))];
}

function acceleratorOf({ accelerator }: ExpectedCell): string {
  if (accelerator === null) return 'none';
  return accelerator.version === null ? accelerator.title : `${accelerator.title} ${accelerator.version}`;
}

/** What the wheels require of the packages from outside that the train knows by name: triton, for example, with its version. */
function outsideOf(train: Train, required: readonly string[]): readonly string[] {
  const names = new Set(Object.keys(train.dependencies));
  const found = required.flatMap((text) => {
    const parsed = parseRequirement(text);
    if (!parsed.ok || !names.has(parsed.value.name)) return [];
    return [`${parsed.value.name} ${printSpecifiers(parsed.value.specifiers)}`.trim()];
  });
  return [...new Set(found)];
}

/** The release on the forge of the repository that sets the number. */
function notesOf(train: Train, { release }: Manifest): string | null {
  const core = Object.values(train.repos).find(({ role }) => role === 'core');
  if (train.forge === undefined || core?.slug === undefined) return null;
  return `${train.forge.web.replace(/\/$/, '')}/${core.slug}/releases/tag/${tagOf(release)}`;
}

/** The words of a request, for the texts of asks: {upgrades} {install} {pythons} {accelerator} {requires} {notes}. */
export function requestWords(request: HostRequest): Readonly<Record<string, string>> {
  return {
    upgrades: request.packages.map(({ name, version }) => `${name} to v${version}`).join(', '),
    install: request.install,
    pythons: request.pythons.join(', '),
    accelerator: request.accelerator,
    requires: request.requires.length === 0 ? 'nothing else by a fixed version' : request.requires.join(', '),
    notes: request.notes ?? 'not published on a forge',
  };
}
