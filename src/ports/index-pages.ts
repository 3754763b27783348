import type { Digest } from '../domain/canonical-json.ts';
import type { PageChange, PageDigests, PagePlace } from '../domain/index-page.ts';

/** A place of a channel: its number among those that are stores of objects, in the order of the train file. */
export interface ChannelPlaceRef {
  readonly channel: string;
  readonly place: number;
}

/** A metadata file beside a wheel. */
export interface MetadataFile {
  readonly folder: string;
  /** File name of the wheel. */
  readonly wheel: string;
}

/** How a page is to change: from these bytes to those. */
export interface PageWrite {
  readonly page: PagePlace;
  readonly before: PageDigests;
  readonly after: PageDigests;
  readonly change: PageChange;
  /** Whether a form that has its bytes already is written again where it is served under a wrong type. */
  readonly serves?: true | undefined;
}

/** What came of writing; when it was not written, nothing of it was, or it can be done again. */
export type PageAnswer = { readonly written: true } | { readonly written: false; readonly reason: string };

/** The pages of the package indexes of channels. Failures of the world are thrown; that somebody else was quicker is an answer. */
export interface IndexPages {
  /** The digests of a page, of the bytes as they are read. */
  look(at: ChannelPlaceRef, page: PagePlace): Promise<PageDigests>;
  /** Whether a form of a page lies there and is served under a type that no installer takes for that form. */
  isMisserved(at: ChannelPlaceRef, page: PagePlace): Promise<boolean>;
  /** Changes a page by compare and swap, the form that is already as planned left alone, and looks at what was written. */
  write(at: ChannelPlaceRef, write: PageWrite): Promise<PageAnswer>;
  /** The digests of metadata files of one folder, by their wheels, of their bytes as they are read; null for one that is not there. */
  lookMetadata(
    at: ChannelPlaceRef,
    files: { readonly folder: string; readonly wheels: readonly string[] },
  ): Promise<ReadonlyMap<string, Digest | null>>;
  /** Takes METADATA out of the wheel and puts it beside it, over what has the digest `before`, and looks at it; one that is already as planned is left alone. */
  writeMetadata(
    at: ChannelPlaceRef,
    file: MetadataFile,
    digests: { readonly before: Digest | null; readonly after: Digest },
  ): Promise<PageAnswer>;
}
