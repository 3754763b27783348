/** Where the objects of a place lie. */
export type StoreAddress =
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string };

const S3 = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,62})(?:\/(.*))?$/u;

/** An address as the train file and the environment write it; null where it is none. */
export function storeAddress(text: string): StoreAddress | null {
  const [, bucket, prefix = ''] = S3.exec(text) ?? [];
  if (bucket !== undefined) return { kind: 's3', bucket, prefix: prefix.replaceAll(/^\/+|\/+$/gu, '') };
  if (/^https?:\/\//u.test(text)) return URL.canParse(text) ? { kind: 'http', url: text } : null;
  if (text.startsWith('file:')) return folderIn(text);
  return /^[a-z][a-z0-9+.-]+:/iu.test(text) ? null : { kind: 'folder', path: text };
}

/** A folder of this machine, written as an address: `file:///srv/wheels`. */
function folderIn(text: string): StoreAddress | null {
  const path = /^file:\/\/(\/[^?#]*)$/u.exec(text)?.[1];
  try {
    return path === undefined ? null : { kind: 'folder', path: decodeURIComponent(path) };
  } catch {
    // An escape that is none.
    return null;
  }
}
