/** What the address says of how a page is shown. */
type Query = Readonly<Record<string, string>>;

/** More cards than this are a table, unless the address asks for the board. */
const MOST_CARDS = 60;

/** Keys of the rows that are open. */
export function openedIn(query: Query): readonly string[] {
  const open = query['open'] ?? '';
  return open === '' ? [] : open.split(',');
}

/** Whether a grid is shown as a plain table. */
export function isListed(query: Query): boolean {
  return query['view'] === 'list';
}

/** Whether a board is shown as a plain table. */
export function isBoardListed(query: Query, cards: number): boolean {
  return query['view'] === 'list' || query['view'] === 'table' || (query['view'] !== 'board' && cards > MOST_CARDS);
}
