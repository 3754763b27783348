/** Whether it is a name of a package: letters, digits, and between them `-`, `_`, `.`. */
export function isPackageName(text: string): boolean {
  return text.length <= 200 && /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(text);
}

/** The one form by which names are the same (PEP 503): `Torch_Vision` and `torch.vision` are `torch-vision`. */
export function normalizeName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

/** A name as it stands in file names, where a hyphen parts one thing from the next: `torch_vision`. */
export function escapeName(name: string): string {
  return normalizeName(name).replaceAll('-', '_');
}
