import { EVERYWHERE_FIELD, FORM_FIELD } from '../../api/form.ts';
/** What is around the content: the top bar, the bands that say in which moment one is, and the foot. */
import { neutral } from '../../domain/plain-text.ts';
import { clockTime } from '../../domain/time-text.ts';
import { queryWith } from '../href.ts';
import { icon } from './icon.tsx';
import type { Shell } from './shell.ts';
import type { Node } from './stage.ts';

function mark(): Node {
  return (
    <svg class="mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d="M4 2v16M4 4h11a2 2 0 0 1 0 5H4M4 11h7" class="line" />
    </svg>
  );
}

function picker(shell: Shell, release: string | null): Node {
  return (
    <details class="menu picker">
      <summary>
        <span class="vh">Release: </span>
        {neutral(release ?? 'All releases')}
      </summary>
      <ul>
        {shell.releases.map((each) => (
          <li>
            <a href={each.href} aria-current={each.name === release ? 'true' : undefined}>
              {neutral(each.name)}
              {each.about === undefined ? null : <span class="about">{neutral(each.about)}</span>}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function find(shell: Shell): Node {
  return (
    <form class="find" method="get" action={shell.find} role="search" aria-label="Find">
      <label class="vh" for="find">
        Find a release, pull request, gate or plan
      </label>
      <input
        id="find"
        name="q"
        type="search"
        placeholder="PR, gate, plan"
        autocomplete="off"
        spellcheck={false}
        aria-keyshortcuts="/"
      />
    </form>
  );
}

function freshness({ fresh, room }: Shell): Node {
  const isLive = fresh.stream !== null && !fresh.stale;
  return (
    <p class={fresh.stale ? 'fresh st st-no-data' : 'fresh st st-pass'} id="fresh">
      {icon(fresh.stale ? 'no-data' : 'pass')}
      <span class="w">
        <span>{fresh.stale ? 'Stale' : isLive ? 'Live' : 'Read'}</span>{' '}
        <time datetime={fresh.asOf} title={`${fresh.asOf.slice(0, 10)} ${fresh.asOf.slice(11, 16)} UTC`}>
          {clockTime(fresh.asOf, room.now)}
        </time>
      </span>
    </p>
  );
}

/** How the page looks is the script's to change: these buttons are there only with it. */
function looks(shell: Shell): Node {
  return (
    <details class="menu js" id="looks">
      <summary>View</summary>
      <div class="panel">
        <p id="theme-name">Theme</p>
        <div class="choices" role="group" aria-labelledby="theme-name">
          {(['system', 'light', 'dark'] as const).map((theme) => (
            <button type="button" class="btn small" data-theme-to={theme} aria-pressed={String(shell.theme === theme)}>
              {theme}
            </button>
          ))}
        </div>
        <p id="density-name">Rows</p>
        <div class="choices" role="group" aria-labelledby="density-name">
          {(['compact', 'comfortable'] as const).map((density) => (
            <button
              type="button"
              class="btn small"
              data-density-to={density}
              aria-pressed={String(shell.density === density)}
            >
              {density}
            </button>
          ))}
        </div>
        <p id="keys-name">Single-key shortcuts</p>
        <div class="choices" role="group" aria-labelledby="keys-name">
          {(['on', 'off'] as const).map((keys) => (
            <button
              type="button"
              class="btn small"
              data-keys-to={keys}
              aria-pressed={String((keys === 'on') === shell.keys)}
            >
              {keys}
            </button>
          ))}
        </div>
        <button type="button" class="btn small" data-help>
          Keyboard help
        </button>
      </div>
    </details>
  );
}

function account(shell: Shell): Node {
  const { viewer } = shell.room;
  if (viewer === null)
    return shell.signIn === null ? (
      <span />
    ) : (
      <a class="btn small" href={shell.signIn}>
        Sign in
      </a>
    );
  return (
    <details class="menu account">
      <summary>@{neutral(viewer.login)}</summary>
      <div class="panel">
        <p>{viewer.roles.length === 0 ? 'No role' : viewer.roles.map(neutral).join(', ')}</p>
        {shell.signOut === null ? null : (
          <form method="post" action={shell.signOut}>
            <input type="hidden" name={FORM_FIELD} value={shell.formToken ?? ''} />
            <button type="submit" class="btn small">
              Sign out
            </button>{' '}
            <button type="submit" class="btn small" name={EVERYWHERE_FIELD} value="1">
              Sign out everywhere
            </button>
          </form>
        )}
      </div>
    </details>
  );
}

export function topBar(shell: Shell, release: string | null): Node {
  return (
    <header class="top">
      <a class="product" href="/">
        {mark()}
        {shell.product}
      </a>
      {picker(shell, release)}
      {find(shell)}
      <div class="right">
        {freshness(shell)}
        {looks(shell)}
        {account(shell)}
      </div>
    </header>
  );
}

/** The moment one looks at, what was just done, and (empty until then) that the stream is lost. */
export function banners(shell: Shell): Node {
  const { room, said } = shell;
  return (
    <div class="bands">
      <p id="banner" class="band band-lost" role="status"></p>
      <p id="live" class="vh" role="status" aria-live="polite"></p>
      {room.past === null ? null : (
        <p class="band band-past" role="status">
          You see <strong>{clockTime(room.past, room.now)}</strong>. Nothing can be done here.{' '}
          <a href={queryWith(room.query, { at: null })}>Back to now</a>
        </p>
      )}
      {said === null ? null : (
        <p class="band band-said" role="status">
          {icon('pass')}
          {neutral(said)}
        </p>
      )}
    </div>
  );
}

export function footer(shell: Shell): Node {
  return (
    <footer class="foot">
      <p>
        {shell.product}, data of {clockTime(shell.fresh.asOf, shell.room.now)}
        {shell.forms.map((form) => [' · ', <a href={form.href}>{form.name}</a>])}
      </p>
    </footer>
  );
}
