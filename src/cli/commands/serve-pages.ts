export { pagesAsText } from '../../server/pages-as-text.ts';
