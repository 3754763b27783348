import { neutral } from '../../domain/plain-text.ts';
import { boardAsTable } from '../as-table.ts';
import type { Block, Card } from '../doc.ts';
import { queryWith } from '../href.ts';
import { idOf } from '../identity.ts';
import { isBoardListed } from '../view.ts';
import { actionsOf } from './action.tsx';
import { link, rich } from './inline.tsx';
import { live, type Node, type Stage } from './stage.ts';
import { emptyOf, tableOf } from './table.tsx';

type Board = Extract<Block, { readonly kind: 'board' }>;

function cardOf(board: Board, card: Card, stage: Stage): Node {
  const id = idOf('c', board.id, card.key);
  return live(stage, id, (inner) => (
    <li id={id} class="card">
      <p class="card-title">{link(card.href, neutral(card.title))}</p>
      {card.lines.map((line) => (
        <p>{rich(line, inner)}</p>
      ))}
      {card.actions === undefined || card.actions.length === 0 ? null : actionsOf(card.actions, inner)}
    </li>
  ));
}

function switcher(listed: boolean, stage: Stage): Node {
  return (
    <p class="views">
      <a href={queryWith(stage.room.query, { view: 'board' })} aria-current={listed ? undefined : 'true'}>
        Board
      </a>
      <a href={queryWith(stage.room.query, { view: 'table' })} aria-current={listed ? 'true' : undefined}>
        Table
      </a>
    </p>
  );
}

export function boardOf(board: Board, stage: Stage): Node {
  const cards = board.columns.reduce((sum, column) => sum + column.cards.length, 0);
  if (cards === 0) return emptyOf(idOf('b', board.id, 'empty'), board, stage);
  const listed = isBoardListed(stage.room.query, cards);
  if (listed) {
    return (
      <div class="viewed">
        {switcher(true, stage)}
        {tableOf(boardAsTable(board), stage)}
      </div>
    );
  }
  const captionId = idOf('b', board.id, 'caption');
  return (
    <div class="viewed">
      {switcher(false, stage)}
      <div class="scroll board" role="group" tabindex={0} aria-labelledby={captionId} id={idOf('b', board.id)}>
        <p class="caption" id={captionId}>
          {neutral(board.caption)}
        </p>
        <div class="lanes">
          {board.columns.map((column) => {
            const laneId = idOf('b', board.id, column.key);
            return (
              <div class="lane" role="group" aria-labelledby={laneId}>
                <p class="lane-name" id={laneId}>
                  {neutral(column.name)} <span class="count">{column.cards.length}</span>
                </p>
                <ul>{column.cards.map((card) => cardOf(board, card, stage))}</ul>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
