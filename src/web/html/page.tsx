import { raw } from 'hono/html';
import { neutral } from '../../domain/plain-text.ts';
import type { Doc } from '../doc.ts';
import { banners, footer, topBar } from './around.tsx';
import { symbols } from './icon.tsx';
import { renderMain, withToken } from './main.tsx';
import type { Shell } from './shell.ts';
import { htmlOf, type Node } from './stage.ts';
import { tabsOf } from './tabs.tsx';

function head(doc: Doc, shell: Shell): Node {
  const { assets, room } = shell;
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content={shell.theme === 'system' ? 'light dark' : shell.theme} />
      <meta name="referrer" content="same-origin" />
      <title>{`${neutral(doc.title)} - ${shell.product}`}</title>
      <link rel="stylesheet" href={assets.style} />
      <link rel="icon" href={assets.icon} type="image/svg+xml" />
      {shell.forms.map((form) => (
        <link rel="alternate" href={form.href} title={form.name} />
      ))}
      {shell.feeds.map((feed) => (
        <link rel="alternate" type={feed.type} href={feed.href} title={feed.name} />
      ))}
      <script src={assets.script} defer></script>
      <meta name="now" content={room.now} />
    </head>
  );
}

function body(doc: Doc, shell: Shell, main: string): Node {
  const { fresh } = shell;
  return (
    <body
      data-csrf={shell.formToken ?? ''}
      data-stream={fresh.stream ?? undefined}
      data-version={fresh.version}
      data-as-of={fresh.asOf}
      data-product={shell.product}
    >
      {symbols()}
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {topBar(shell, doc.release)}
      {tabsOf(doc.tab, shell)}
      {banners(shell)}
      <main id="main">{raw(withToken(main, shell.formToken ?? ''))}</main>
      {footer(shell)}
    </body>
  );
}

/** The whole document of a page. `main`: what `renderMain` gave for it, where that is at hand. */
export function renderPage(doc: Doc, shell: Shell, main = renderMain(doc, shell.room)): string {
  const html = htmlOf(
    <html
      lang="en"
      data-theme={shell.theme === 'system' ? undefined : shell.theme}
      data-density={shell.density}
      data-keys={shell.keys ? 'on' : 'off'}
    >
      {head(doc, shell)}
      {body(doc, shell, main)}
    </html>,
  );
  return `<!doctype html>\n${html}\n`;
}
