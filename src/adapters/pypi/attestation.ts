import type { ByteSource } from '../../domain/byte-source.ts';
import { ByteSourceError } from '../../domain/byte-source.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';

/** The name that the tools which make attestations (PEP 740) give to that of a publisher, beside the wheel. */
export const ATTESTATION = '.publish.attestation';

const LARGEST = 256 * 1024;

/**
 * The field of the form for an attestation that lies beside the wheel, as it is: whether it is true is for the index to judge. Null where none lies there.
 */
export async function attestationField(source: ByteSource): Promise<Result<string | null, string>> {
  const bytes = await bytesOf(source);
  if (bytes === null) return succeed(null);
  if (bytes.length >= LARGEST) return refuse(`${source.name} has more than ${LARGEST} bytes: it is no attestation`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const attestation: unknown = JSON.parse(text);
    if (typeof attestation !== 'object' || attestation === null || !('version' in attestation)) {
      return refuse(`${source.name} is no attestation: it has no version. Make it again, or take it away`);
    }
    return succeed(JSON.stringify([attestation]));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    return refuse(`${source.name} is no attestation: it is no JSON. Make it again, or take it away`);
  }
}

async function bytesOf(source: ByteSource): Promise<Uint8Array | null> {
  try {
    return (await source.tail(LARGEST)).bytes;
  } catch (error) {
    if (error instanceof ByteSourceError && error.code === 'missing') return null;
    throw error;
  }
}
