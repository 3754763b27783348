import type { Splice } from '../../domain/byte-source.ts';
import type { Pep440Version } from '../../domain/pep440.ts';

/** What a wheel's version is to become. */
export interface ReversionOrder {
  /** What stands after the plus sign afterwards; null for nothing, as a public index wants it. */
  readonly local: string | null;
  /** Packages that release together: a requirement on one of them names its version without the old local part, too. */
  readonly siblings: readonly string[];
  /** Classifiers that the index does not know: their lines go. `*` stands for any text. */
  readonly dropClassifiers: readonly string[];
  /** Whether a signature over RECORD may go, since it cannot be right any more. */
  readonly dropSignatures: boolean;
}

/** One thing that a reversion changes, for people. */
export type ReversionChange =
  | { readonly kind: 'version'; readonly from: string; readonly to: string }
  | { readonly kind: 'folder'; readonly from: string; readonly to: string; readonly entries: number }
  | { readonly kind: 'requirement'; readonly from: string; readonly to: string }
  | { readonly kind: 'classifier'; readonly dropped: string }
  | { readonly kind: 'signature'; readonly dropped: string };

/** How a wheel of another version is made from one: carried out by whoever holds its bytes. */
export interface Reversion {
  readonly from: { readonly fileName: string; readonly version: Pep440Version };
  readonly to: { readonly fileName: string; readonly version: Pep440Version };
  /** Empty when there is nothing to change: the file is copied as it is. */
  readonly changes: readonly ReversionChange[];
  readonly splice: Splice;
}
