import type { Answer } from '../output/answer.ts';

/** An answer that is a document in a format of its own; as JSON it is the text. */
export function documentAnswer(schema: string, document: string): Answer {
  return {
    schema,
    asOf: null,
    stale: false,
    exit: 0,
    data: { text: document },
    records: document.split('\n').map((each) => [each]),
    lines: () => [],
    document,
  };
}
