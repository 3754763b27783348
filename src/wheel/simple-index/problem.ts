/** What is wrong with an index, as read or as it would be written. */
export type IndexProblem =
  | { readonly code: 'bad-file-name'; readonly file: string }
  | { readonly code: 'listed-twice'; readonly file: string }
  | {
      readonly code: 'bad-value';
      readonly file: string;
      /** The member of the entry, as `IndexFile` names it. */
      readonly member: string;
      readonly value: string;
    }
  | { readonly code: 'bad-project-name'; readonly written: string }
  | { readonly code: 'other-project'; readonly written: string; readonly asked: string }
  | { readonly code: 'not-utf8' }
  | { readonly code: 'not-json'; readonly reason: string }
  | { readonly code: 'not-an-index'; readonly reason: string }
  | { readonly code: 'not-known-type'; readonly contentType: string }
  | { readonly code: 'newer-version'; readonly version: string }
  | { readonly code: 'too-large'; readonly bytes: number; readonly limit: number }
  | { readonly code: 'too-many'; readonly what: 'entries' | 'attributes' | 'problems'; readonly limit: number }
  | { readonly code: 'two-files'; readonly file: string; readonly folders: readonly [string, string] }
  | { readonly code: 'same-page'; readonly page: string }
  | { readonly code: 'not-as-planned'; readonly file: string }
  | { readonly code: 'unplanned-removal'; readonly file: string }
  | { readonly code: 'unplanned-digest'; readonly file: string; readonly before: string; readonly after: string };

/** What is wrong, with which thing, and what to do about it; without the page's name, which the caller knows. */
export function explainIndex(problem: IndexProblem): string {
  switch (problem.code) {
    case 'bad-file-name':
      return `${JSON.stringify(problem.file)} is no file name that an index can carry. Rename the file.`;
    case 'listed-twice':
      return `${problem.file} is listed twice. An index names each file once: write the page again.`;
    case 'bad-value':
      return `${problem.member} of ${problem.file} cannot be ${JSON.stringify(problem.value)}. Write the page again from the files.`;
    case 'bad-project-name':
      return `${JSON.stringify(problem.written)} is no project name: letters, digits, dash, dot and underscore make one.`;
    case 'other-project':
      return `the page is of ${JSON.stringify(problem.written)}, asked was ${problem.asked}. Look at what serves this address.`;
    case 'not-utf8':
      return 'the page is not UTF-8. Write it again, or look at what serves it.';
    case 'not-json':
      return `the page is not JSON (${problem.reason}). Write it again, or look at what serves it.`;
    case 'not-an-index':
      return `this is no page of a package index (${problem.reason}). Look at what serves this address.`;
    case 'not-known-type':
      return `the page is of type ${JSON.stringify(problem.contentType)}, an index is HTML or JSON. Set the content type of the stored page.`;
    case 'newer-version':
      return `the page is of version ${JSON.stringify(problem.version)} of the index format; versions 1.x can be read.`;
    case 'too-large':
      return `the page has ${problem.bytes} bytes; over ${problem.limit} nothing is read.`;
    case 'too-many':
      return `the page has more than ${problem.limit} ${problem.what}; the rest was not read.`;
    case 'two-files': {
      const [one, other] = problem.folders.map((folder) => folder || 'the place itself');
      return `${problem.file} lies in ${one} and in ${other} with different bytes. One name is one file: find out which is right, and take the other away.`;
    }
    case 'same-page':
      return `${problem.page} would be the page of a project and of a folder of the same name. Move the files of the folder.`;
    case 'not-as-planned':
      return `${problem.file} is not listed as it was when this was planned. Plan again.`;
    case 'unplanned-removal':
      return `${problem.file} would no longer be listed, and the plan does not say so. Put the file back, or plan its removal.`;
    case 'unplanned-digest':
      return `${problem.file} would be listed with ${problem.after} in place of ${problem.before}: a published file never changes. Build it under a new version.`;
  }
}
