import type { Digest } from '../../../domain/canonical-json.ts';
import type { PagePlace } from '../../../domain/index-page.ts';
import type { Observed } from '../../../domain/observation.ts';
import type { Result } from '../../../domain/result.ts';
import type { IndexProblem, ReadPage } from '../../../wheel/simple-index/index.ts';

/** A file that the index of the channel has to list. */
export interface FileToList {
  /** Below the address of the place: `cu126`; '' for the place itself. */
  readonly folder: string;
  readonly name: string;
  /** What its bytes are, as the manifest or the store's record says; null where neither does. */
  readonly digest: Digest | null;
}

/** One page as it is served; null: this form is not there. */
export interface ServedPage {
  readonly place: PagePlace;
  readonly address: string;
  readonly html: Observed<Result<ReadPage, IndexProblem> | null>;
  readonly json: Observed<Result<ReadPage, IndexProblem> | null>;
}

/** What a link leads to. */
export interface ServedFile {
  /** Null: nothing answers there. */
  readonly answer: Observed<{ readonly size: number | null } | null>;
}

/** A metadata file beside a wheel: its digest where it was read, true where only its presence was asked, null where it is not there. */
export type ServedMetadata = Observed<Digest | true | null>;

/** What a client sees of the index of one place of a channel. */
export interface IndexFacts {
  /** For people: the public address. */
  readonly address: string;
  readonly files: readonly FileToList[];
  readonly pages: readonly ServedPage[];
  /** By address. */
  readonly links: ReadonlyMap<string, ServedFile>;
  /** By address of the metadata file. */
  readonly metadata: ReadonlyMap<string, ServedMetadata>;
}
