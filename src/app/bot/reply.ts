/** What came of a command: the text of its one answer, and whether it was refused. */
export interface Reply {
  readonly text: string;
  readonly refused: boolean;
}

export function done(text: string): Reply {
  return { text, refused: false };
}

export function refused(text: string): Reply {
  return { text, refused: true };
}

/** Several answers to one command in one comment; refused only where nothing was done. */
export function together(replies: readonly Reply[], between = '\n\n'): Reply {
  return {
    text: replies.map(({ text }) => text).join(between),
    refused: replies.length > 0 && replies.every((reply) => reply.refused),
  };
}
