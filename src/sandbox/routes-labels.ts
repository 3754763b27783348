/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { created, invalid, notFound, ok, paged, type Reply, take } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { shapeLabel } from './shape-issue.ts';
import { type Label, nextId, type RepoState } from './state.ts';

const Color = z.string().regex(/^[0-9a-fA-F]{6}$/u);
const Name = z.string().trim().min(1).max(50);
const Description = z.string().max(100).nullable();
const NewLabel = z.object({ name: Name, color: Color.default('ededed'), description: Description.default(null) });
const ChangedLabel = z.object({
  new_name: Name.optional(),
  color: Color.optional(),
  description: Description.optional(),
});

function findLabel(repo: RepoState, name: string): Label | undefined {
  return repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

function requireLabel(repo: RepoState, name: string | undefined): Label {
  const label = findLabel(repo, name ?? '');
  if (label === undefined) throw notFound();
  return label;
}

function createLabel({ store, urls, repo, body }: RepoContext): Promise<Reply> {
  const asked = take(NewLabel, body, 'Label');
  return store.change(repo, (draft) => {
    if (findLabel(draft, asked.name) !== undefined) throw invalid('Label', 'name', 'already_exists');
    const label: Label = { id: nextId(draft), ...asked };
    draft.labels.push(label);
    return created(shapeLabel({ store, urls, repo: draft }, label));
  });
}

function updateLabel({ store, urls, repo, params, body }: RepoContext): Promise<Reply> {
  const asked = take(ChangedLabel, body, 'Label');
  return store.change(repo, (draft) => {
    const label = requireLabel(draft, params['name']);
    const name = asked.new_name ?? label.name;
    const other = findLabel(draft, name);
    if (other !== undefined && other.id !== label.id) throw invalid('Label', 'name', 'already_exists');
    for (const issue of draft.issues) {
      issue.labels = issue.labels.map((own) => (own === label.name ? name : own));
    }
    label.name = name;
    label.color = asked.color ?? label.color;
    if (asked.description !== undefined) label.description = asked.description;
    return ok(shapeLabel({ store, urls, repo: draft }, label));
  });
}

function deleteLabel({ store, repo, params }: RepoContext): Promise<Reply> {
  return store.change(repo, (draft) => {
    const label = requireLabel(draft, params['name']);
    draft.labels = draft.labels.filter((candidate) => candidate.id !== label.id);
    for (const issue of draft.issues) issue.labels = issue.labels.filter((own) => own !== label.name);
    return { status: 204 };
  });
}

export const labelRoutes: readonly Route[] = [
  onRepo('GET', '/labels', 'read', ({ store, urls, repo, url }) =>
    paged(url, repo.labels, (label) => shapeLabel({ store, urls, repo }, label)),
  ),
  onRepo('POST', '/labels', 'triage', createLabel),
  onRepo('GET', '/labels/:name*', 'read', ({ store, urls, repo, params }) =>
    ok(shapeLabel({ store, urls, repo }, requireLabel(repo, params['name']))),
  ),
  onRepo('PATCH', '/labels/:name*', 'triage', updateLabel),
  onRepo('DELETE', '/labels/:name*', 'triage', deleteLabel),
];
