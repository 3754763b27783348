import { FORM_FIELD } from '../../api/form.ts';
import { neutral } from '../../domain/plain-text.ts';
import type { Doc, PageRoom } from '../doc.ts';
import { blocksOf } from './block.tsx';
import { rich } from './inline.tsx';
import { htmlOf, live, type LiveRow, type Node, type Stage } from './stage.ts';

function heading(doc: Doc, stage: Stage): Node {
  const lead = doc.lead;
  return (
    <div class="page-head">
      <h1 tabindex={-1}>{neutral(doc.heading)}</h1>
      {lead === undefined
        ? null
        : live(stage, 'lead', (inner) => (
            <p id="lead" class="lead">
              {rich(lead, inner)}
            </p>
          ))}
      {doc.command === null ? null : (
        <p class="page-command">
          <code>{neutral(doc.command)}</code>
          <button type="button" class="btn small js" data-copy={neutral(doc.command)} data-page-command>
            Copy as command
          </button>
        </p>
      )}
    </div>
  );
}

function stageOf(room: PageRoom, rest: Pick<Stage, 'formToken' | 'collect'>): Stage {
  return { ...rest, room, show: blocksOf };
}

/** What is in `<main>`. */
function mainOf(doc: Doc, stage: Stage): Node {
  return (
    <>
      {heading(doc, stage)}
      {blocksOf(doc.blocks, stage, 'b')}
    </>
  );
}

/** The content of `<main>` alone, for a page whose form changed while it was looked at. Forms in it have no token: the script fills it in. */
export function renderMain(doc: Doc, room: PageRoom): string {
  return htmlOf(mainOf(doc, stageOf(room, { formToken: '', collect: null })));
}

/** A page as a server compares it with the one it sent last. */
export interface LivePage {
  /** All that is in none of the rows. When this differs, the page has to be sent whole; else those rows whose `fact` differs. */
  readonly frame: string;
  readonly rows: readonly LiveRow[];
}

/** Every element that can be swapped alone (rows, what is under them, cards, cells, facts, phases, notices, pictures), and the rest. */
export function renderLive(doc: Doc, room: PageRoom): LivePage {
  const rows: LiveRow[] = [];
  const frame = htmlOf(mainOf(doc, stageOf(room, { formToken: '', collect: rows })));
  return { frame, rows };
}

/** The content of `<main>` of its parts: the same as `renderMain` gives, without rendering again. Texts of pages are escaped, so that no `<!--` is of theirs. */
export function wholeOf({
  frame,
  rows,
}: {
  readonly frame: string;
  readonly rows: readonly Pick<LiveRow, 'id' | 'html'>[];
}): string {
  const htmls = new Map(rows.map(({ id, html }) => [id, html]));
  return frame.replaceAll(/<!--(.*?)-->/gsu, (place: string, id: string) => htmls.get(id) ?? place);
}

const NO_TOKEN = `name="${FORM_FIELD}" value=""`;

/** Puts the token of a session into the forms of what was rendered for everybody. Quotes in texts are escaped, so that these are of forms. */
export function withToken(main: string, token: string): string {
  const field = `name="${FORM_FIELD}" value="${token.replaceAll(/[^\w-]/gu, '')}"`;
  return main.replaceAll(NO_TOKEN, () => field);
}
