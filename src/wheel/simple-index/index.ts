export { allowDifference, comparePages, disagreements, type Disagreement, type PageDifference } from './compare.ts';
export { versionIn } from './order.ts';
export { nameAsUrl, type IndexFile } from './file.ts';
export { projectPage, type ProjectPage } from './page.ts';
export { explainIndex, type IndexProblem } from './problem.ts';
export { ProjectName, projectName } from './project-name.ts';
export {
  LARGEST_PAGE,
  readProjectHtml,
  readProjectJson,
  readProjectPage,
  readRoot,
  type PageBytes,
  type PageContext,
  type ReadPage,
} from './read-page.ts';
export {
  INDEX_TYPES,
  renderProject,
  renderProjectHtml,
  renderProjectJson,
  renderRoot,
  type RenderedPage,
} from './render.ts';
