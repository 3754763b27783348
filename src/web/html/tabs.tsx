import type { Tab } from '../doc.ts';
import type { Shell } from './shell.ts';
import type { Node } from './stage.ts';

/** Letters after `g` (ux.md 2.6); tabs that have none are reached by Tab. */
const LETTERS: Partial<Readonly<Record<Tab, string>>> = {
  train: 't',
  todo: 'd',
  release: 'r',
  picks: 'p',
  artifacts: 'a',
  calendar: 'c',
  support: 's',
  log: 'l',
};

export function tabsOf(current: Tab, shell: Shell): Node {
  return (
    <nav class="tabs" aria-label="Pages">
      <ul>
        {shell.tabs.map(({ tab, name, href, count }) => (
          <li>
            <a href={href} aria-current={tab === current ? 'page' : undefined} data-go={LETTERS[tab]}>
              {name}
              {count === undefined || count === 0 ? null : <span class="count">{count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
