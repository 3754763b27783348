/** Spans of time as `saySpan` writes them, with what stands before them, and the ledger entry a text was made at. */
const OF_THE_MOMENT = /\b\d+ (?:d|h|min)(?: \d+ (?:h|min))?\b|<!-- signalbox:seq \d+ -->/g;

/** Whether two rendered texts say the same, but for how long ago and how long until: the forge may have changed line ends. */
export function sameButForTime(one: string, other: string): boolean {
  return timeless(one) === timeless(other);
}

function timeless(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(OF_THE_MOMENT, '').trim();
}
