import { Token, Tokenizer, TokenizerMode, type TokenHandler } from 'parse5';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { IndexProblem } from './problem.ts';

/** A link of a page, as written. */
export interface Anchor {
  readonly href: string;
  readonly text: string;
  readonly attribute: (name: string) => string | null;
}

export interface HtmlLinks {
  readonly anchors: readonly Anchor[];
  /** The `<base href>` of the page, as written. */
  readonly base: string | null;
  /** What `pypi:repository-version` says; null where the page does not say it. */
  readonly version: string | null;
}

const MOST_ENTRIES = 200_000;
const MOST_ATTRIBUTES = 1000;
const LONGEST_TEXT = 4000;
// The tokenizer holds what it has not ended yet, so it is given little at a time and looked at in between.
const CHUNK = 64 * 1024;

/** Elements whose content is text and no markup, by the state that reads it. */
type TextMode = (typeof TokenizerMode)[keyof typeof TokenizerMode];
const rawText: Readonly<Record<string, TextMode>> = {
  title: TokenizerMode.RCDATA,
  textarea: TokenizerMode.RCDATA,
  style: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  script: TokenizerMode.SCRIPT_DATA,
  plaintext: TokenizerMode.PLAINTEXT,
};

class BoundedTokenizer extends Tokenizer {
  /** Attributes of the tag that is being read. */
  get openAttributes(): number {
    const token = this.currentToken;
    return token !== null && 'attrs' in token ? token.attrs.length : 0;
  }
}

/**
 * The links of an HTML page in one pass over its tokens. No tree is built: installers do not build one either, and a tree of a hostile page takes
 * time with the square of its depth.
 */
export function readHtmlLinks(html: string): Result<HtmlLinks, IndexProblem> {
  const links = new LinkCollector();
  const tokenizer = new BoundedTokenizer({}, links);
  links.enter = (mode) => {
    tokenizer.state = mode;
  };
  for (let from = 0; from < html.length || from === 0; from += CHUNK) {
    tokenizer.write(html.slice(from, from + CHUNK), from + CHUNK >= html.length);
    if (links.anchors.length > MOST_ENTRIES) return refuse({ code: 'too-many', what: 'entries', limit: MOST_ENTRIES });
    if (tokenizer.openAttributes > MOST_ATTRIBUTES) {
      return refuse({ code: 'too-many', what: 'attributes', limit: MOST_ATTRIBUTES });
    }
  }
  const { anchors, base, version } = links;
  return succeed({ anchors, base, version });
}

/** Gathers links as the tokenizer meets them. */
class LinkCollector implements TokenHandler {
  readonly anchors: Anchor[] = [];
  base: string | null = null;
  version: string | null = null;
  /** Makes the tokenizer read the content of an element as text. */
  enter: (mode: TextMode) => void = () => undefined;
  #open: { readonly tag: Token.TagToken; readonly href: string } | null = null;
  #text = '';

  onStartTag(tag: Token.TagToken): void {
    const mode = Object.hasOwn(rawText, tag.tagName) ? rawText[tag.tagName] : undefined;
    if (mode !== undefined) this.enter(mode);
    if (tag.tagName === 'base') this.base ??= Token.getTokenAttr(tag, 'href');
    if (tag.tagName === 'meta' && Token.getTokenAttr(tag, 'name')?.toLowerCase() === 'pypi:repository-version') {
      this.version ??= Token.getTokenAttr(tag, 'content');
    }
    if (tag.tagName !== 'a') return;
    this.onEof();
    const href = Token.getTokenAttr(tag, 'href');
    if (href !== null) this.#open = { tag, href: href.trim() };
  }

  onEndTag(tag: Token.TagToken): void {
    if (tag.tagName === 'a') this.onEof();
  }

  /** Ends the link that is open, if one is. */
  onEof(): void {
    if (this.#open === null) return;
    const { tag, href } = this.#open;
    this.anchors.push({ href, text: this.#text.trim(), attribute: (name) => Token.getTokenAttr(tag, name) });
    this.#open = null;
    this.#text = '';
  }

  onCharacter({ chars }: Token.CharacterToken): void {
    if (this.#open !== null && this.#text.length < LONGEST_TEXT) this.#text += chars;
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onNullCharacter(): void {
    // Dropped, as browsers do.
  }

  onComment(): void {
    // Nothing of a comment is a link.
  }

  onDoctype(): void {
    // Every page is read as HTML5.
  }
}
