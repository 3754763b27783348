/**
 * Versions of the accelerator that has most of them stand alone, as 126 for cu126; those of others with a letter, as r63 for rocm6.3. The whole
 * names where that would not tell them apart.
 */
export function shortName(name: string, names: readonly string[]): string {
  const families = names.flatMap((each) => /^([a-z]+)[\d.]+$/.exec(each)?.[1] ?? []);
  const counts = [...new Set(families)].map((family) => ({
    family,
    count: families.filter((each) => each === family).length,
  }));
  const main = counts.toSorted((left, right) => right.count - left.count)[0]?.family;
  const short = (each: string): string => {
    const { family, version } = /^(?<family>[a-z]+)(?<version>[\d.]+)$/.exec(each)?.groups ?? {};
    if (family === undefined || version === undefined) return each;
    const digits = version.replaceAll('.', '');
    return family === main ? digits : `${family.slice(0, 1)}${digits}`;
  };
  const shorts = names.map(short);
  return new Set(shorts).size === new Set(names).size ? short(name) : name;
}
