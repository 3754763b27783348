/** A key with the scalar after it, as it stands on one line of a YAML text. */
export interface YamlEntry {
  readonly key: string;
  /** The key that this one is directly under, in block or in flow style; null at the top. */
  readonly parent: string | null;
  /** The scalar without its quotes; null when the line has none (a mapping follows, or nothing). */
  readonly value: string | null;
  readonly quote: '' | "'" | '"';
  /** Where the scalar stands on the line, quotes left out. */
  readonly start: number;
  readonly end: number;
}

/** One line as YAML sees it. In a block scalar (`run: |`) or a quoted text over several lines it is `script` and has no entries. */
export interface YamlLine {
  readonly kind: 'yaml' | 'script';
  readonly entries: readonly YamlEntry[];
  /** Where the comment begins; the length of the line when there is none. */
  readonly commentAt: number;
}

interface Parent {
  readonly column: number;
  readonly key: string;
}

/** What carries over from line to line. */
interface State {
  /** Indentation that the lines of a block scalar must exceed; null outside. */
  block: number | null;
  openQuote: "'" | '"' | null;
  /** One for each open flow collection: the key it is the value of. */
  flow: (string | null)[];
  parents: Parent[];
}

/**
 * Reads the lines of a YAML text one by one, as far as edits need it: which `key: value` stand on them, what is a comment, what is a script in
 * a block scalar. It does not judge the text: what is not YAML gives no entries, and nothing is ever printed again.
 */
export function scanYaml(lines: readonly string[]): readonly YamlLine[] {
  const state: State = { block: null, openQuote: null, flow: [], parents: [] };
  return lines.map((line) => scanLine(line, state));
}

const SCRIPT = (line: string): YamlLine => ({ kind: 'script', entries: [], commentAt: line.length });

function scanLine(line: string, state: State): YamlLine {
  const indent = line.length - line.trimStart().length;
  const cursor = new LineCursor(line, indent, state);
  if (cursor.isInBlock(indent) || !cursor.leaveQuote()) return SCRIPT(line);
  while (cursor.step());
  return { kind: 'yaml', entries: cursor.finish(), commentAt: cursor.commentAt };
}

/** Walks over one line, token by token. It lives as long as the line is read. */
class LineCursor {
  readonly #line: string;
  readonly #state: State;
  readonly #entries: YamlEntry[] = [];
  #at: number;
  #pending: { readonly key: string; readonly parent: string | null } | null = null;
  /** Column that a block scalar on this line belongs to. */
  #column: number;
  commentAt: number;

  constructor(line: string, indent: number, state: State) {
    this.#line = line;
    this.#state = state;
    this.#at = indent;
    this.#column = indent;
    this.commentAt = line.length;
    if (state.openQuote !== null || state.flow.length > 0) return;
    // The dashes of list entries: what follows them is indented as far as it stands.
    while (this.#char() === '-' && isSpace(line[this.#at + 1])) {
      this.#column = this.#at;
      this.#at += 1;
      this.#skipSpaces();
    }
  }

  /** Whether the line belongs to a block scalar that began before; the first line that does not ends it. */
  isInBlock(indent: number): boolean {
    const { block } = this.#state;
    if (block === null) return false;
    if (this.#line.trim() === '' || indent > block) return true;
    this.#state.block = null;
    return false;
  }

  /** Goes to the end of a quoted text that began on a line before; false when it goes on after this line. */
  leaveQuote(): boolean {
    const quote = this.#state.openQuote;
    if (quote === null) return true;
    const end = endOfQuote(this.#line, 0, quote);
    if (end === null) return false;
    this.#state.openQuote = null;
    this.#at = end + 1;
    return true;
  }

  /** Reads one token; false at the end of the line. */
  step(): boolean {
    this.#skipSpaces();
    const char = this.#char();
    if (char === undefined) return false;
    if (char === '#' && (this.#at === 0 || isSpace(this.#line[this.#at - 1]))) {
      this.commentAt = this.#at;
      return false;
    }
    if (char === '{' || char === '[') return this.#open();
    if (this.#state.flow.length > 0 && (char === '}' || char === ']' || char === ',')) return this.#closeOrNext(char);
    if (this.#isBlockScalar(char)) return false;
    if (char === '"' || char === "'") return this.#quoted(char);
    if (char === '&' || char === '!') return this.#skipWord();
    return this.#plain();
  }

  finish(): readonly YamlEntry[] {
    this.#flushPending();
    return this.#entries;
  }

  #char(): string | undefined {
    return this.#line[this.#at];
  }

  #skipSpaces(): void {
    while (isSpace(this.#char()) && this.#at < this.#line.length) this.#at += 1;
  }

  #open(): boolean {
    this.#state.flow.push(this.#pending?.key ?? this.#state.parents.at(-1)?.key ?? null);
    this.#flushPending();
    this.#at += 1;
    return true;
  }

  #closeOrNext(char: string): boolean {
    this.#flushPending();
    if (char !== ',') this.#state.flow.pop();
    this.#at += 1;
    return true;
  }

  #isBlockScalar(char: string): boolean {
    if (this.#state.flow.length > 0 || (char !== '|' && char !== '>')) return false;
    if (!/^[|>][-+0-9]{0,2}(?:\s+#.*|\s*)$/.test(this.#line.slice(this.#at))) return false;
    this.#state.block = this.#column;
    return true;
  }

  #quoted(quote: "'" | '"'): boolean {
    const start = this.#at + 1;
    const end = endOfQuote(this.#line, start, quote);
    if (end === null) {
      this.#state.openQuote = quote;
      this.#at = this.#line.length;
      return false;
    }
    this.#at = end + 1;
    return this.#scalar({ start, end, quote, column: start - 1 });
  }

  #skipWord(): boolean {
    while (this.#char() !== undefined && !isSpace(this.#char())) this.#at += 1;
    return true;
  }

  #plain(): boolean {
    const start = this.#at;
    let end = start;
    for (; end < this.#line.length; end += 1) {
      const char = this.#line[end];
      const next = this.#line[end + 1];
      if (char === ':' && (isSpace(next) || (this.#state.flow.length > 0 && ',[]{}'.includes(next ?? ' ')))) break;
      if (char === '#' && isSpace(this.#line[end - 1])) break;
      if (this.#state.flow.length > 0 && (char === ',' || char === ']' || char === '}' || char === '{' || char === '['))
        break;
    }
    this.#at = end;
    while (end > start && isSpace(this.#line[end - 1])) end -= 1;
    return this.#scalar({ start, end, quote: '', column: start });
  }

  /** A scalar was read: it is a key when a colon follows, else the value of the key before it. */
  #scalar({
    start,
    end,
    quote,
    column,
  }: {
    start: number;
    end: number;
    quote: YamlEntry['quote'];
    column: number;
  }): boolean {
    const text = this.#line.slice(start, end);
    this.#skipSpaces();
    const next = this.#line[this.#at + 1];
    const isKey =
      this.#char() === ':' &&
      (isSpace(next) || (this.#state.flow.length > 0 && (quote !== '' || ',[]{}'.includes(next ?? ' '))));
    if (isKey) {
      this.#at += 1;
      this.#flushPending();
      this.#pending = { key: text, parent: this.#parentOf(column, text) };
      return true;
    }
    if (this.#pending !== null) this.#entries.push({ ...this.#pending, value: text, quote, start, end });
    this.#pending = null;
    // A colon that ends nothing, or a bracket in the wrong place: step over it, so that every token moves on.
    if (start === end && quote === '') this.#at += 1;
    return true;
  }

  #parentOf(column: number, key: string): string | null {
    const { flow, parents } = this.#state;
    if (flow.length > 0) return flow.at(-1) ?? null;
    while ((parents.at(-1)?.column ?? -1) >= column) parents.pop();
    const parent = parents.at(-1)?.key ?? null;
    parents.push({ column, key });
    this.#column = column;
    return parent;
  }

  #flushPending(): void {
    if (this.#pending === null) return;
    this.#entries.push({ ...this.#pending, value: null, quote: '', start: this.#at, end: this.#at });
    this.#pending = null;
  }
}

function isSpace(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\t';
}

/** Where the quoted text that begins at `from` ends: the place of the closing quote, or null when it is not on this line. */
function endOfQuote(line: string, from: number, quote: "'" | '"'): number | null {
  for (let at = from; at < line.length; at += 1) {
    const char = line[at];
    if (quote === '"' && char === '\\') at += 1;
    else if (char === quote && quote === "'" && line[at + 1] === "'") at += 1;
    else if (char === quote) return at;
  }
  return null;
}
