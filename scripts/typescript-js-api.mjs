/**
 * Gives tools that need TypeScript's JavaScript API the version that has one. The native compiler (`typescript`) has none,
 * so the last JavaScript compiler is installed as `typescript-js`, and dependency-cruiser, which asks for `typescript`, is
 * started with `node --import ./scripts/typescript-js-api.mjs`.
 */
import { registerHooks } from 'node:module';

const ASKED = /^typescript(?=\/|$)/u;

registerHooks({
  resolve: (specifier, context, nextResolve) => nextResolve(specifier.replace(ASKED, 'typescript-js'), context),
});
