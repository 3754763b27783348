import type { ByteSource, Splice } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';

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

/** What came of making a file from another. */
export type MadeFile =
  | { readonly outcome: 'written' | 'adopted'; readonly input: Digest; readonly output: Digest }
  /** Something else lies there, or it cannot be written. */
  | { readonly outcome: 'refused'; readonly code: string; readonly text: string };

/** A file on this machine that others can be made from. */
export interface OpenedFile extends OpenedSource {
  make(splice: Splice, target: string): Promise<MadeFile>;
}

/** Opens a file to make others from it. Throws `ByteSourceError`. */
export async function openFileToSplice(path: string): Promise<OpenedFile> {
  const [{ openFile }, { TargetError, writeSplice }] = await Promise.all([
    import('../adapters/folder/file-source.ts'),
    import('../adapters/folder/write-splice.ts'),
  ]);
  const source = await openFile(path);
  return {
    source,
    close: () => source.close(),
    make: async (splice, target) => {
      try {
        return await writeSplice({ source, splice, target });
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        return { outcome: 'refused', code: error.code, text: error.message };
      }
    },
  };
}

/** The bytes of a document that a person named: an address (http or https), or a file; a sentence without subject where there are none. */
export async function readNamed(
  named: string,
  most: number,
): Promise<{ readonly bytes: Uint8Array } | { readonly reason: string }> {
  if (!/^https?:\/\//i.test(named)) {
    const { diskReader } = await import('../config/file-text.ts');
    try {
      const bytes = await diskReader.read(named, most);
      if (bytes === null) return { reason: 'is not there' };
      return bytes.length > most ? { reason: `is larger than ${most} bytes` } : { bytes };
    } catch (error) {
      return { reason: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  if (!URL.canParse(named)) return { reason: 'is no address' };
  const [{ HttpRefusal, httpDocument, systemDocumentTools }, { HttpFailure }] = await Promise.all([
    import('../adapters/http/document.ts'),
    import('../adapters/http/exchange.ts'),
  ]);
  try {
    const document = await httpDocument({ url: new URL(named), accept: 'application/json', most }, systemDocumentTools);
    return document === null ? { reason: 'is not there (404)' } : { bytes: document.bytes };
  } catch (error) {
    if (!(error instanceof HttpFailure || error instanceof HttpRefusal)) throw error;
    return { reason: `cannot be read: ${error.message}` };
  }
}
