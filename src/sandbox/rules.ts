import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isAncestor } from './git.ts';
import { HttpError } from './http.ts';
import type { RepoState } from './state.ts';

interface Rule {
  readonly kind: 'creation' | 'update' | 'deletion' | 'non_fast_forward' | 'reject';
  readonly pattern: string;
}

/** The rules that bind this user here, on full ref names. */
function rulesFor(repo: RepoState, login: string): readonly Rule[] {
  const bound = repo.rulesets.filter((ruleset) => ruleset.enforcement === 'active' && !ruleset.bypass.includes(login));
  const rules = bound.flatMap((ruleset) =>
    ruleset.include.flatMap((include) => {
      const prefix = ruleset.target === 'branch' ? 'refs/heads/' : 'refs/tags/';
      const pattern = include.startsWith('refs/') ? include : `${prefix}${include}`;
      return ruleset.rules.map((kind) => ({ kind, pattern }));
    }),
  );
  const branches = repo.protectedBranches.flatMap((branch) => [
    { kind: 'deletion' as const, pattern: `refs/heads/${branch}` },
    { kind: 'non_fast_forward' as const, pattern: `refs/heads/${branch}` },
  ]);
  return [...rules, ...branches, ...repo.rejectRefs.map((ref) => ({ kind: 'reject' as const, pattern: ref }))];
}

/**
 * The update hook: git asks it about each ref of a push, so that with `--atomic` one refused ref refuses all, and
 * without it only that one. Patterns match as in `case`: `*` is any characters, slashes too.
 */
const updateHook = `#!/bin/sh
# update hook of the sandbox world: <ref> <old> <new>; rules come in SANDBOX_RULES, one "<kind> <pattern>" a line
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
kind=update
[ "$old" = $zero ] && kind=creation
[ "$new" = $zero ] && kind=deletion
refuse() {
  echo "error: GH013: Repository rule violations found for $ref." >&2
  echo "- $1" >&2
  exit 1
}
while read -r rule pattern; do
  [ -n "$rule" ] || continue
  case "$ref" in
    $pattern) ;;
    *) continue ;;
  esac
  case "$rule" in
    reject) refuse "This remote refuses this ref" ;;
    creation) [ $kind = creation ] && refuse "Cannot create ref due to creations being restricted." ;;
    deletion) [ $kind = deletion ] && refuse "Cannot delete this ref" ;;
    update) [ $kind = update ] && refuse "Cannot update this protected ref." ;;
    non_fast_forward)
      if [ $kind = update ] && ! git merge-base --is-ancestor "$old" "$new"; then
        refuse "Cannot force-push to this ref"
      fi ;;
  esac
done <<RULES
$SANDBOX_RULES
RULES
exit 0
`;

/** Puts the hook into the world's folder once, and answers the folder for core.hooksPath. */
export function installHooks(dir: string): string {
  const hooks = join(dir, 'hooks');
  const file = join(hooks, 'update');
  if (!existsSync(file)) {
    mkdirSync(hooks, { recursive: true });
    writeFileSync(file, updateHook, { mode: 0o755 });
  }
  return hooks;
}

/** The rules of a push by this user as the hook reads them. */
export function hookRules(repo: RepoState, login: string): string {
  return rulesFor(repo, login)
    .map((rule) => `${rule.kind} ${rule.pattern}`)
    .join('\n');
}

function matches(pattern: string, ref: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`, 'u').test(ref);
}

interface RefChange {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
}

function refuse(why: string): never {
  throw new HttpError(422, `Repository rule violations found\n\n${why}\n\n`);
}

/** The same rules for a ref changed over REST: throws GitHub's 422. */
export async function checkRules(repo: RepoState, gitDir: string, login: string, change: RefChange): Promise<void> {
  for (const rule of rulesFor(repo, login).filter((candidate) => matches(candidate.pattern, change.ref))) {
    if (rule.kind === 'reject') refuse('This remote refuses this ref');
    if (rule.kind === 'creation' && change.from === null)
      refuse('Cannot create ref due to creations being restricted.');
    if (rule.kind === 'deletion' && change.to === null) refuse('Cannot delete this ref');
    if (change.from === null || change.to === null) continue;
    if (rule.kind === 'update') refuse('Cannot update this protected ref.');
    if (rule.kind === 'non_fast_forward' && !(await isAncestor(gitDir, change.from, change.to))) {
      refuse('Cannot force-push to this ref');
    }
  }
}

/** The rules of active rulesets that hold for a branch of this name, whether or not it exists. */
export function rulesOnBranch(
  repo: RepoState,
  branch: string,
): readonly { readonly type: string; readonly ruleset: number }[] {
  return repo.rulesets
    .filter(({ enforcement, target }) => enforcement === 'active' && target === 'branch')
    .filter(({ include }) =>
      include.some((pattern) =>
        matches(pattern.startsWith('refs/') ? pattern : `refs/heads/${pattern}`, `refs/heads/${branch}`),
      ),
    )
    .flatMap(({ id, rules }) => rules.map((type) => ({ type, ruleset: id })));
}

/** Whether a branch shows as protected: by name, or by a ruleset that forbids deleting or rewriting it. */
export function isProtected(repo: RepoState, branch: string): boolean {
  const ref = `refs/heads/${branch}`;
  return rulesFor(repo, '').some((rule) => rule.kind !== 'reject' && matches(rule.pattern, ref));
}
