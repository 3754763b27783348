import type { Environment } from './output/style.ts';

const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_KEY|CREDENTIAL/u;
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // Tokens of forges by their published prefixes.
  [/\b(?:gh[pousr]_|github_pat_|glpat-|pypi-|xox[abps]-)[\w-]{8,}/gu, '***'],
  [/((?:bearer|basic|token)\s+)[\w.~+/=-]{8,}/giu, '$1***'],
  // The whole of `user:password@` of an address, or the password alone.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/giu, '$1***@'],
];

/** The text with everything that is a secret, or looks like one, printed as `***`. */
export function redact(text: string, env: Environment): string {
  let clean = text;
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.length >= 8 && SECRET_NAME.test(name)) clean = clean.replaceAll(value, '***');
  }
  return SHAPES.reduce((before, [shape, instead]) => before.replace(shape, instead), clean);
}
