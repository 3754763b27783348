import { neutral } from '../../domain/plain-text.ts';
import type { Block, PageRoom, Picture } from '../doc.ts';
import { idOf } from '../identity.ts';
import { pictureData, type PictureData } from '../picture-data.ts';
import { barsSvg } from './picture-bars.tsx';
import { heatSvg } from './picture-heat.tsx';
import { intervalsSvg } from './picture-intervals.tsx';
import { linesSvg } from './picture-lines.tsx';
import { stepsSvg } from './picture-steps.tsx';
import { timelineSvg } from './picture-timeline.tsx';
import type { Drawing } from './drawing.ts';
import { rich } from './inline.tsx';
import type { Node, Stage } from './stage.ts';

function drawingOf(picture: Picture, room: PageRoom): Drawing {
  switch (picture.kind) {
    case 'timeline':
      return timelineSvg(picture, room);
    case 'lines':
      return linesSvg(picture, room);
    case 'steps':
      return stepsSvg(picture, room);
    case 'heat':
      return heatSvg(picture);
    case 'intervals':
      return intervalsSvg(picture);
    case 'bars':
      return barsSvg(picture);
  }
}

function dataTable(data: PictureData, caption: string, stage: Stage): Node {
  return (
    <details class="data">
      <summary>As a table</summary>
      <div class="scroll" role="group" tabindex={0} aria-label={caption}>
        <table>
          <caption class="vh">{caption}</caption>
          <thead>
            <tr>
              {data.columns.map((column) => (column === '' ? <td></td> : <th scope="col">{neutral(column)}</th>))}
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <tr>
                {row.map((cell, index) =>
                  index === 0 ? <th scope="row">{rich(cell, stage)}</th> : <td>{rich(cell, stage)}</td>,
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** A picture drawn from data, its sentence, and the data as a table. */
export function pictureOf(block: Extract<Block, { readonly kind: 'picture' }>, stage: Stage): Node {
  const id = idOf('p', block.id);
  const caption = neutral(block.caption);
  const data = pictureData(block.picture, stage.room);
  const { width, height, parts } = drawingOf(block.picture, stage.room);
  return (
    <figure id={id} class="picture">
      <figcaption>{caption}</figcaption>
      <div class="scroll" role="group" tabindex={0} aria-label={caption}>
        <svg
          class={`pic pic-${block.picture.kind}`}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-labelledby={`${id}:title ${id}:desc`}
        >
          <title id={`${id}:title`}>{caption}</title>
          <desc id={`${id}:desc`}>{data.says}</desc>
          {parts}
        </svg>
      </div>
      {dataTable(data, caption, stage)}
    </figure>
  );
}
