import type { components } from '@octokit/openapi-types';

import type { User } from './state.ts';
import type { Store } from './store.ts';
import { nodeId, type Urls } from './urls.ts';

type SimpleUser = components['schemas']['simple-user'];

const gone: User = { id: 10137, login: 'ghost', name: 'ghost', email: '', type: 'User', token: null };

/** An account as it stands in other answers; one that the world lacks is GitHub's `ghost`. */
export function shapeUser(store: Store, urls: Urls, login: string): SimpleUser {
  const user = store.userByLogin(login) ?? gone;
  const api = `${urls.api}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${urls.web}/avatars/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${urls.web}/${user.login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The account of an e-mail address in a commit, or null as GitHub answers for a stranger. */
export function shapeUserByEmail(store: Store, urls: Urls, email: string): SimpleUser | null {
  const user = store.users().find((candidate) => candidate.email !== '' && candidate.email === email);
  return user === undefined ? null : shapeUser(store, urls, user.login);
}

/** The account that a token belongs to. */
export function shapeSelf(store: Store, urls: Urls, user: User) {
  return {
    ...shapeUser(store, urls, user.login),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.email === '' ? null : user.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2016-08-01T00:00:00Z',
    updated_at: '2016-08-01T00:00:00Z',
  } satisfies components['schemas']['public-user'];
}

/** A team as it stands in other answers. */
export function shapeTeam(urls: Urls, org: string, slug: string): components['schemas']['team'] {
  const url = `${urls.api}/orgs/${org}/teams/${slug}`;
  return {
    id: slug.length,
    node_id: nodeId('T', `${org}/${slug}`),
    url,
    members_url: `${url}/members{/member}`,
    name: slug,
    description: null,
    permission: 'push',
    privacy: 'closed',
    html_url: `${urls.web}/orgs/${org}/teams/${slug}`,
    repositories_url: `${url}/repos`,
    slug,
    parent: null,
    type: 'organization',
    organization_id: 1,
  };
}
