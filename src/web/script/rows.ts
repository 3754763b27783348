/** Opened rows, kept in the address; and the local time of each moment in its title. */
import { all, byId, through } from './find.ts';

function keepOpen(): void {
  const open = all('.opens[aria-expanded=true]').flatMap((each) => each.dataset['key'] ?? []);
  const url = new URL(location.href);
  if (open.length === 0) url.searchParams.delete('open');
  else url.searchParams.set('open', open.join(','));
  history.replaceState(history.state, '', url);
}

function onClick(event: MouseEvent): void {
  const opener = through(event, 'a.opens');
  const more = byId(opener?.getAttribute('aria-controls') ?? '');
  if (opener === null || more === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  more.hidden = !more.hidden;
  opener.setAttribute('aria-expanded', String(!more.hidden));
  keepOpen();
}

function tellLocal(event: Event): void {
  const time = through(event, 'time');
  if (time === null || time.dataset['local'] === 'yes') return;
  const at = new Date(time.getAttribute('datetime') ?? '');
  if (Number.isNaN(at.getTime())) return;
  time.dataset['local'] = 'yes';
  time.title += `, yours: ${at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`;
}

export function startRows(): void {
  document.addEventListener('click', onClick);
  document.addEventListener('pointerover', tellLocal);
}
