export { decideDocs, readDocs } from './docs-built.ts';
