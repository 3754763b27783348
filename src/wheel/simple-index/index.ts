export { allowDifference, comparePages, disagreements } from './compare.ts';
export { applyChange, digestsOf, editOf, readContent, renderContent, type PageEdit, type PageForms } from './edit.ts';
export {
  desiredPages,
  fileKey,
  isDistribution,
  metadataKey,
  pageKeys,
  projectIn,
  type ChannelFile,
  type DesiredPage,
  type PageContent,
} from './layout.ts';
export { readMoment } from './entry.ts';
export { versionIn } from './order.ts';
export { nameAsUrl } from './file.ts';
export { projectPage, type ProjectPage } from './page.ts';
export { explainIndex, type IndexProblem } from './problem.ts';
export { ProjectName, projectName } from './project-name.ts';
export { readHtmlLinks, type Anchor } from './read-html.ts';
export {
  formOf,
  LARGEST_PAGE,
  readProjectHtml,
  readProjectJson,
  readProjectPage,
  readRoot,
  type ReadPage,
} from './read-page.ts';
export { INDEX_TYPES, renderProject, renderProjectHtml, renderRoot } from './render.ts';
export { explainMetadataFile, readMetadataFile, type MetadataFileProblem } from './metadata-file.ts';
