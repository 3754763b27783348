import { emptyGate, type Gate, GateId, type Waiver } from '../../domain/gate.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { WorkflowPlace } from '../../workflow/index.ts';
import type { BuildWorkflows, RepoTriggers } from './read-triggers.ts';

/** What gates on workflow files are judged with. */
export interface WorkflowJudging {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** The workflows of a repository that could be read. */
export interface FoundWorkflows {
  readonly workflows: BuildWorkflows;
  /** `vision release/0.23 at 1234abcd5`. */
  readonly where: string;
  readonly rerun: string;
  readonly evidence: (texts: readonly string[]) => readonly Evidence[];
}

type Judged = Pick<Gate, 'verdict' | 'summary'> & Partial<Pick<Gate, 'evidence' | 'fix'>>;

const MOST_EVIDENCE = 40;

/** The gate of a family for one repository: judged where its workflows could be read, else why there is nothing to judge. */
export function workflowGate(
  family: string,
  { repo, found }: RepoTriggers,
  { train, release }: Pick<WorkflowJudging, 'train' | 'release'>,
  judge: (found: FoundWorkflows) => Judged,
): Gate {
  const id = GateId.parse(`${family}:${repo.key}`);
  const gate = emptyGate(id, [...new Set([...repo.entry.owners, ...train.roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  if (!found.known)
    return { ...gate, summary: `could not be read: ${found.reason}`, fix: `make it readable, then ${rerun}` };
  const { value, at, source } = found;
  if (value === null)
    return {
      ...gate,
      verdict: 'failing',
      summary: `${repo.key} has neither ${repo.branch} nor ${repo.entry.source}`,
      fix: `correct repos.${repo.key}.source in the train file`,
    };
  const where = `${repo.key} ${value.branch} at ${shortId(value.commit)}`;
  const evidence = (texts: readonly string[]) => texts.slice(0, MOST_EVIDENCE).map((text) => ({ text, source, at }));
  return { ...gate, ...judge({ workflows: value, where, rerun, evidence }) };
}

/** `.github/workflows/build.yml:12`. */
export function placeText({ path, line }: WorkflowPlace): string {
  return `${path}:${line}`;
}
