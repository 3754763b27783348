import { createHash } from 'node:crypto';
import { makeWheel, type PackageIndex } from '../../../sandbox/index.ts';

/** The makers of a package from outside publish it: a wheel by the protocol of the index, as any client uploads one. */
export async function publishOutside(
  { uploadUrl, tokens }: Pick<PackageIndex, 'uploadUrl' | 'tokens'>,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<void> {
  const { fileName, bytes } = makeWheel({ name, version, tags: 'py3-none-any' });
  const form = new FormData();
  const fields = { ':action': 'file_upload', protocol_version: '1', metadata_version: '2.1', name, version };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const more = { filetype: 'bdist_wheel', pyversion: 'py3', sha256_digest: sha256 };
  for (const [field, value] of Object.entries({ ...fields, ...more })) form.set(field, value);
  form.set('content', new Blob([Uint8Array.from(bytes)]), fileName);
  const token = Object.values(tokens)[0] ?? '';
  const authorization = `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`;
  const answer = await fetch(uploadUrl, { method: 'POST', headers: { authorization }, body: form });
  if (!answer.ok) throw new Error(`the index did not take ${fileName}: ${answer.status} ${await answer.text()}`);
}
