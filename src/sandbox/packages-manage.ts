/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (packages-state.ts) */
import { releaseOf } from './packages-pages.ts';
import { normalName, type PackagesStore } from './packages-state.ts';
import { plainAnswer, type IndexAnswer } from './packages-send.ts';

/** What only people do, on the pages of their projects: the index has no interface for it. */
export interface IndexOwners {
  yank(project: string, version: string, reason: string): void;
  unyank(project: string, version: string): void;
  /** Its name stays used for ever. */
  deleteFile(name: string): void;
}

/** Something is to be done with what is not there. */
class NotThereError extends Error {
  override readonly name = 'NotThereError';
}

export function indexOwners(store: PackagesStore): IndexOwners {
  const setYank = (project: string, version: string, yanked: string | null): void => {
    if (releaseOf(store, normalName(project), version) === null) {
      throw new NotThereError(`there is no ${project} ${version} in the index`);
    }
    store.change((draft) => {
      for (const release of draft.releases) {
        if (release.project === normalName(project) && release.version === version) release.yanked = yanked;
      }
    });
  };
  return {
    yank: (project, version, reason) => setYank(project, version, reason),
    unyank: (project, version) => setYank(project, version, null),
    deleteFile: (name) => {
      if (!store.state().files.some((file) => file.name === name))
        throw new NotThereError(`there is no ${name} in the index`);
      store.change((draft) => {
        draft.files = draft.files.filter((file) => file.name !== name);
      });
    },
  };
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export interface ManageRequest {
  readonly method: string;
  readonly path: string;
  /** Who is signed in; null for nobody. */
  readonly person: string | null;
  readonly form: URLSearchParams;
}

/** The page of a version of a project: a form to yank it, or to take that back. Null for another path. */
export function managePage(store: PackagesStore, owners: IndexOwners, asked: ManageRequest): IndexAnswer | null {
  const found = /^\/manage\/project\/([^/]+)\/release\/([^/]+)\/$/u.exec(asked.path);
  if (found === null) return null;
  const [project = '', version = ''] = found.slice(1).map(decodeURIComponent);
  if (asked.person === null) return plainAnswer(401, 'Sign in first.', { 'www-authenticate': 'Basic realm="index"' });
  const owned = store.state().projects.find(({ normal }) => normal === normalName(project));
  const release = releaseOf(store, normalName(project), version);
  if (owned === undefined || release === null || !owned.owners.includes(asked.person))
    return plainAnswer(404, 'Not Found');
  if (asked.method === 'POST') {
    if (asked.form.get('confirm_version') !== version) return plainAnswer(400, `Type ${version} to confirm.`);
    if (asked.form.get('action') === 'yank') owners.yank(project, version, asked.form.get('yanked_reason') ?? '');
    else owners.unyank(project, version);
    return { status: 303, headers: { location: asked.path }, body: Buffer.alloc(0) };
  }
  const action = release.yanked === null ? 'yank' : 'unyank';
  const body = `<!DOCTYPE html><title>${escaped(owned.name)} ${escaped(version)}</title><form method="post">
<input type="hidden" name="action" value="${action}"><input name="yanked_reason"><input name="confirm_version">
<button>${action}</button></form>`;
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(body) };
}
