import { ok, notFound, paged } from './http.ts';
import { onRepo, onWorld, type Route } from './router.ts';
import { shapePermissions, shapeRepo } from './shape-repo.ts';
import { shapeSelf, shapeUser } from './shape-user.ts';
import { permissionOf, type Permission, type Ruleset } from './state.ts';
import { apiOf, nodeId } from './urls.ts';

/** The four words that the permission endpoint still speaks beside the role. */
function legacyPermission(permission: Permission): 'admin' | 'write' | 'read' | 'none' {
  switch (permission) {
    case 'maintain':
      return 'write';
    case 'triage':
      return 'read';
    case 'admin':
    case 'write':
    case 'read':
    case 'none':
      return permission;
  }
}

function shapeRuleset(full: string, url: string, ruleset: Ruleset) {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: 'Repository',
    source: full,
    enforcement: ruleset.enforcement,
    node_id: nodeId('RRS', ruleset.id),
    _links: { self: { href: `${url}/rulesets/${ruleset.id}` } },
    created_at: ruleset.createdAt,
    updated_at: ruleset.createdAt,
  };
}

export const repoRoutes: readonly Route[] = [
  onWorld('GET', '/user', ({ store, urls, user }) => ok(shapeSelf(store, urls, user))),
  onWorld('GET', '/users/:login', ({ store, urls, params }) => {
    const found = store.userByLogin(params['login'] ?? '');
    if (found === undefined) throw notFound();
    return ok(shapeSelf(store, urls, found));
  }),
  onRepo('GET', '', 'read', ({ store, urls, repo, permission }) => ok(shapeRepo(store, urls, repo, permission))),
  onRepo('GET', '/collaborators/:user/permission', 'write', ({ store, urls, repo, params }) => {
    const found = store.userByLogin(params['user'] ?? '');
    if (found === undefined) throw notFound();
    const permission = permissionOf(repo, found.login);
    return ok({
      permission: legacyPermission(permission),
      role_name: permission,
      user: {
        ...shapeUser(store, urls, found.login),
        permissions: shapePermissions(permission),
        role_name: permission,
      },
    });
  }),
  onRepo('GET', '/rulesets', 'read', ({ urls, url, repo }) =>
    paged(url, repo.rulesets, (ruleset) => shapeRuleset(`${repo.owner}/${repo.name}`, apiOf(urls, repo), ruleset)),
  ),
  onRepo('GET', '/rulesets/:id', 'read', ({ urls, repo, params }) => {
    const ruleset = repo.rulesets.find((candidate) => String(candidate.id) === params['id']);
    if (ruleset === undefined) throw notFound();
    const prefix = ruleset.target === 'branch' ? 'refs/heads/' : 'refs/tags/';
    return ok({
      ...shapeRuleset(`${repo.owner}/${repo.name}`, apiOf(urls, repo), ruleset),
      conditions: {
        ref_name: {
          include: ruleset.include.map((pattern) => (pattern.startsWith('refs/') ? pattern : `${prefix}${pattern}`)),
          exclude: [],
        },
      },
      rules: ruleset.rules.map((type) => ({ type })),
      bypass_actors: [],
      current_user_can_bypass: 'never',
    });
  }),
];
