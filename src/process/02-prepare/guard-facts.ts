import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import type { Guard } from '../../domain/train/guard.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Forge, RulesetDetail } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';

/** The rules of the forge that hold for a release: kinds of rules by branch, and the active rulesets on tags. */
export interface ForgeRules {
  readonly branches: readonly { readonly branch: BranchName; readonly kinds: readonly string[] }[];
  readonly tags: readonly Pick<RulesetDetail, 'name' | 'include' | 'exclude' | 'kinds'>[];
}

/** The workflow files of a branch, as text. */
export interface WorkflowTexts {
  readonly branch: BranchName;
  readonly commit: ObjectId;
  readonly files: readonly { readonly path: string; readonly text: string | null }[];
}

/** What guards one repository. `workflows.value` is null where the remote has neither branch. */
export interface GuardFacts {
  readonly repo: RepoInRelease;
  readonly rules: Observed<ForgeRules>;
  readonly workflows: Observed<WorkflowTexts | null>;
}

interface GuardPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly forge: Forge | null;
  readonly git: Git;
  readonly now: Instant;
}

const FILES = ['.github/workflows/*.yml', '.github/workflows/*.yaml'];

/** Reads what guards every repository of the release; none where the train file says nothing of it. */
export async function readGuard(ports: GuardPorts): Promise<readonly GuardFacts[]> {
  if (ports.train.guard === undefined) return [];
  return Promise.all(
    reposOf(ports.train, ports.release).map(async (repo) => {
      const [rules, workflows] = await Promise.all([readRules(repo, ports), readWorkflows(repo, ports)]);
      return { repo, rules, workflows };
    }),
  );
}

async function readRules(
  { key, entry, branch, cutPoint }: RepoInRelease,
  { forge, now }: GuardPorts,
): Promise<Observed<ForgeRules>> {
  const { slug } = entry;
  if (slug === undefined) return unknown(`the train file gives ${key} no slug on a forge`, now, 'train file');
  if (forge === null)
    return unknown('no forge to ask: the train file names none, or nobody is signed in there', now, `forge ${slug}`);
  return observe(`forge ${slug}`, now, async () => {
    const names = cutPoint === null ? [branch] : [branch, cutPoint];
    const branches = await Promise.all(
      names.map(async (name) => ({
        branch: name,
        kinds: (await forge.repos.rulesOn(slug, name)).map(({ kind }) => kind),
      })),
    );
    const active = (await forge.repos.rulesets(slug)).filter(
      ({ target, enforcement }) => target === 'tag' && enforcement === 'active',
    );
    const tags = await Promise.all(active.map(({ id }) => forge.repos.ruleset(slug, id)));
    return { branches, tags: tags.filter((one) => one !== null) };
  });
}

async function readWorkflows(
  { key, remote, branch, entry }: RepoInRelease,
  { git, now }: GuardPorts,
): Promise<Observed<WorkflowTexts | null>> {
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  const at = { repo: key, remote };
  return observe(`git remote of ${key}`, now, async () => {
    const refs = await git.remoteRefs(at, [branchRef(branch), branchRef(entry.source)]);
    const on = [branch, entry.source].find((name) => refs.some(({ ref }) => ref === branchRef(name)));
    const commit = refs.find(({ ref }) => on !== undefined && ref === branchRef(on))?.id;
    if (on === undefined || commit === undefined) return null;
    await git.fetch(at, [branchRef(on)]);
    const files = await git.files(at, commit, FILES);
    return { branch: on, commit, files: files.map(({ path, text }) => ({ path, text })) };
  });
}

/** Names that our own indexes have: the packages of the train, and what its rules for dependencies name in channels of our own. */
export function ownNames(train: Train, guard: NonNullable<Guard['names']>): readonly string[] {
  const ofPackages = Object.values(train.repos).flatMap(({ role, packages }) => (role === 'external' ? [] : packages));
  const ofRules = Object.values(train.dependencies).flatMap(({ rules }) =>
    rules.flatMap(({ backend, requirement }) => {
      const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/u.exec(requirement)?.[0];
      return name === undefined || backend === 'conda' ? [] : [name];
    }),
  );
  return [...new Set([...ofPackages, ...ofRules, ...guard.ours])];
}
