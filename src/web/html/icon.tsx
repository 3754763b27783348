import type { State } from '../doc.ts';
import type { Node } from './stage.ts';

/**
 * The nine shapes of ux.md 2.4, once per page; every use refers to its symbol. Each differs in outline, so that it survives without colour.
 * `cut` is drawn in the page's colour on a filled shape.
 */
const SHAPES: Readonly<Record<State, Node>> = {
  pass: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <path d="M4.6 8.3l2.4 2.4 4.4-5" class="cut" />
    </>
  ),
  failing: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" class="fill" />
      <path d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" class="cut" />
    </>
  ),
  running: <path d="M8 2a6 6 0 1 1-6 6" class="line thick" />,
  queued: <circle cx="8" cy="8" r="5.9" class="line" />,
  'needs-you': (
    <>
      <path d="M8 1.2L15.4 14.6H.6z" class="fill" />
      <path d="M8 5.8v4.2M8 12v1" class="cut" />
    </>
  ),
  waived: <path d="M8 1.2L14.8 8 8 14.8 1.2 8zM5 8h6" class="line" />,
  skipped: <path d="M3 8h10" class="line thick" />,
  'no-data': (
    <>
      <circle cx="8" cy="8" r="6.6" class="line dashed" />
      <path d="M6.2 6.6a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1.1M8 11.2v.6" class="line thin" />
    </>
  ),
  permanent: (
    <>
      <path d="M2.6 7h10.8v8H2.6z" class="fill" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" class="line" />
      <path d="M8 9.6v2.6" class="cut" />
    </>
  ),
};

/** The symbols; has to stand on every page, before the first shape. */
export function symbols(): Node {
  return (
    <svg class="symbols" width="0" height="0" aria-hidden="true" focusable="false">
      {Object.entries(SHAPES).map(([state, shape]) => (
        <symbol id={`s-${state}`} viewBox="0 0 16 16">
          {shape}
        </symbol>
      ))}
    </svg>
  );
}

/** A state's shape; a word or a label has to go with it. */
export function icon(state: State): Node {
  return (
    <svg class={`i i-${state}`} width="16" height="16" aria-hidden="true" focusable="false">
      <use href={`#s-${state}`} />
    </svg>
  );
}
