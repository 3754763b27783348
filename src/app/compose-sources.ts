import type { ByteSource } from '../domain/byte-source.ts';

/** A source and what lets go of it. */
export interface OpenedSource {
  readonly source: ByteSource;
  close(): Promise<void>;
}

/** Opens what a person named to be read by ranges: an address (http or https), or a file. Throws `ByteSourceError`. */
export async function openSource(named: string): Promise<OpenedSource> {
  if (/^https?:\/\//i.test(named) && URL.canParse(named)) {
    const { httpSource } = await import('../adapters/http/byte-source.ts');
    return { source: httpSource(new URL(named)), close: () => Promise.resolve() };
  }
  const { openFile } = await import('../adapters/folder/file-source.ts');
  const source = await openFile(named);
  return { source, close: () => source.close() };
}
