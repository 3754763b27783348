import { existsSync } from 'node:fs';

/** Debian's Python, which has Debian's packages; another one may come first in the path. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/**
 * Whether tests that compare with Debian's Python tools are left out: on a machine that has none of them. Where .ci/run has installed them they
 * must be there.
 */
export const WITHOUT_DEBIAN_PYTHON =
  process.env['CI'] !== 'true' && !existsSync('/usr/lib/python3/dist-packages/packaging/__init__.py');

/** Whether tests with the real pip are left out, for the same reason. */
export const WITHOUT_DEBIAN_PIP =
  process.env['CI'] !== 'true' && !existsSync('/usr/lib/python3/dist-packages/pip/__init__.py');

/** Whether tests with the real twine are left out, for the same reason. */
export const WITHOUT_DEBIAN_TWINE =
  process.env['CI'] !== 'true' && !existsSync('/usr/lib/python3/dist-packages/twine/__init__.py');
