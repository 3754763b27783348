/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { notFound, ok, paged } from './http.ts';
import { type Context, onRepo, onWorld, type RepoContext, type Route } from './router.ts';
import { requireIssue } from './routes-issues.ts';
import { rulesOnBranch } from './rules.ts';
import { type Place, shapeIssue, shapeLabel } from './shape-issue.ts';
import { shapeTeam, shapeUser } from './shape-user.ts';
import type { ItemEvent, Team } from './state.ts';
import { apiOf, nodeId } from './urls.ts';

/** An entry of a timeline; GitHub's kinds have different fields, of which each here has its own. */
function shapeEvent(place: Place, event: ItemEvent) {
  const { store, urls, repo } = place;
  const label = repo.labels.find(({ name }) => name === event.label);
  const source = repo.issues.find(({ number }) => number === event.source);
  const common = {
    id: event.id,
    node_id: nodeId('E', event.id),
    url: `${apiOf(urls, repo)}/issues/events/${event.id}`,
    actor: shapeUser(store, urls, event.actor),
    event: event.event,
    commit_id: event.commit,
    commit_url: event.commit === null ? null : `${apiOf(urls, repo)}/commits/${event.commit}`,
    created_at: event.at,
    performed_via_github_app: null,
  };
  if (event.event === 'cross-referenced') {
    // GitHub gives this kind no id of its own.
    const { event: kind, actor, created_at: at } = common;
    const repository = { full_name: `${repo.owner}/${repo.name}` };
    const issue = source === undefined ? undefined : { ...shapeIssue(place, source), repository };
    return { event: kind, actor, created_at: at, updated_at: at, source: { type: 'issue', issue } };
  }
  return {
    ...common,
    ...(label === undefined ? {} : { label: { name: label.name, color: shapeLabel(place, label).color } }),
    ...(event.milestone === null ? {} : { milestone: { title: event.milestone } }),
    ...(event.rename === null ? {} : { rename: event.rename }),
    ...(event.reviewer === null ? {} : { requested_reviewer: shapeUser(store, urls, event.reviewer) }),
    ...(event.team === null ? {} : { requested_team: shapeTeam(urls, repo.owner, event.team) }),
  };
}

function timeline({ store, urls, repo, params, url }: RepoContext) {
  const { number } = requireIssue(repo, params['number']);
  const own = repo.events.filter((event) => event.issue === number);
  return paged(url, own, (event) => shapeEvent({ store, urls, repo }, event));
}

function requireTeam({ store, params }: Context): Team {
  const found = store
    .teams()
    .find(({ org, slug }) => org.toLowerCase() === params['org']?.toLowerCase() && slug === params['team']);
  if (found === undefined) throw notFound();
  return found;
}

/** Timelines, teams and the rules that hold for a branch. */
export const itemRoutes: readonly Route[] = [
  onRepo('GET', '/issues/:number/timeline', 'read', timeline),
  onRepo('GET', '/rules/branches/:branch*', 'read', ({ repo, params, url }) => {
    const rules = rulesOnBranch(repo, params['branch'] ?? '');
    return paged(url, rules, ({ type, ruleset }) => ({
      type,
      ruleset_source_type: 'Repository',
      ruleset_source: `${repo.owner}/${repo.name}`,
      ruleset_id: ruleset,
    }));
  }),
  onWorld('GET', '/orgs/:org/teams/:team', (context) => {
    const { org, slug } = requireTeam(context);
    return ok(shapeTeam(context.urls, org, slug));
  }),
  onWorld('GET', '/orgs/:org/teams/:team/members', (context) =>
    paged(context.url, requireTeam(context).members, (login) => shapeUser(context.store, context.urls, login)),
  ),
];
