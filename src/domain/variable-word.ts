/** A name of the train file as it stands within the name of an environment variable: `linux-wheels` as `LINUX_WHEELS`. */
export function variableWord(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** The name of the train file that a part of an environment variable's name stands for. */
export function nameInVariable(word: string): string {
  return word.toLowerCase().replaceAll('_', '-');
}
