export * from './day/index.ts';
export * from './docs-pointer/index.ts';
export * from './get-started/index.ts';
export * from './notebooks/index.ts';
export * from './tutorials/index.ts';
