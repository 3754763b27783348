import { explainSpecifier, type SpecifierProblem } from '../domain/specifier.ts';
import { explainHeader, type HeaderProblem } from './headers.ts';
import { METADATA_VERSIONS } from './metadata-fields.ts';
import { explainRequirement, type RequirementProblem } from './requirement.ts';
import { quoted } from './text.ts';

/** What is wrong in METADATA; the line is null where something is missing. */
export type MetadataProblem =
  | { readonly code: 'header'; readonly line: number; readonly header: HeaderProblem }
  | { readonly code: 'missing-field'; readonly line: null; readonly field: string }
  | { readonly code: 'field-twice'; readonly line: number; readonly field: string }
  | { readonly code: 'unknown-field'; readonly line: number; readonly field: string; readonly near: string | null }
  | {
      readonly code: 'field-too-new';
      readonly line: number;
      readonly field: string;
      readonly since: string;
      readonly declared: string;
    }
  | { readonly code: 'unknown-metadata-version'; readonly line: number; readonly value: string }
  | { readonly code: 'newer-metadata-version'; readonly line: number; readonly value: string }
  | { readonly code: 'bad-requirement'; readonly line: number; readonly requirement: RequirementProblem }
  | {
      readonly code: 'bad-requires-python';
      readonly line: number;
      readonly value: string;
      readonly specifier: SpecifierProblem;
    }
  | { readonly code: 'bad-value'; readonly line: number; readonly what: ValueMistake; readonly value: string };

export type ValueMistake =
  | 'bad-name'
  | 'bad-version'
  | 'bad-extra'
  | 'extra-not-normal'
  | 'extra-not-provided'
  | 'bad-project-url'
  | 'bad-content-type'
  | 'bad-dynamic'
  | 'bad-license-expression'
  | 'license-twice'
  | 'license-classifier'
  | 'bad-license-file'
  | 'summary-of-several-lines'
  | 'two-descriptions'
  | 'bad-import-name';

/** What is wrong, and what to do. */
export function explainMetadata(problem: MetadataProblem): string {
  switch (problem.code) {
    case 'header':
      return explainHeader(problem.header);
    case 'missing-field':
      return `METADATA has no ${problem.field}. Build the wheel with a tool that writes it.`;
    case 'field-twice':
      return `METADATA has ${problem.field} more than once; tools read different ones. Keep one.`;
    case 'unknown-field':
      return `${quoted(problem.field)} is no field of the core metadata${problem.near === null ? '' : `; ${problem.near} is`}. Correct it, or leave it out.`;
    case 'field-too-new':
      return `${problem.field} came with version ${problem.since} of the core metadata, and Metadata-Version is ${problem.declared}. Build with a tool that declares ${problem.since}.`;
    case 'unknown-metadata-version':
      return `Metadata-Version ${quoted(problem.value)} is none of ${METADATA_VERSIONS.join(', ')}. Installers refuse it: build with another version of the build tool.`;
    case 'newer-metadata-version':
      return `Metadata-Version ${quoted(problem.value)} is newer than ${METADATA_VERSIONS.at(-1) ?? ''}, the newest known here: what is new in it is not checked.`;
    case 'bad-requirement':
      return `${explainRequirement(problem.requirement)}. Correct the requirement.`;
    case 'bad-requires-python':
      return `Of Requires-Python ${quoted(problem.value)}, ${explainSpecifier(problem.specifier)}. Correct it.`;
    case 'bad-value':
      return explainValue(problem.what, quoted(problem.value));
  }
}

function explainValue(what: ValueMistake, value: string): string {
  switch (what) {
    case 'bad-name':
      return `Name is ${value}, which is no name of a package: letters, digits, and between them - _ and dots.`;
    case 'bad-version':
      return `Version is ${value}, which is no Python version (PEP 440).`;
    case 'bad-extra':
      return `The extra ${value} is no name. Use letters, digits and hyphens.`;
    case 'extra-not-normal':
      return `The extra ${value} is not in its normal form, as Metadata-Version 2.3 asks: lower case, single hyphens.`;
    case 'extra-not-provided':
      return `A requirement is for the extra ${value}, which no Provides-Extra names: nobody can ask for it.`;
    case 'bad-project-url':
      return `Project-URL is ${value}. Write a label of at most 32 characters, a comma, and an address.`;
    case 'bad-content-type':
      return `Description-Content-Type is ${value}. Write text/plain, text/x-rst or text/markdown, in UTF-8; Markdown is of the variant GFM or CommonMark.`;
    case 'bad-dynamic':
      return `Dynamic names ${value}, which is no field that may be dynamic.`;
    case 'bad-license-expression':
      return `License-Expression is ${value}, which is no SPDX expression: identifiers with AND, OR, WITH and brackets.`;
    case 'license-twice':
      return `License (${value}) stands beside License-Expression, and a package must not have both. Keep License-Expression.`;
    case 'license-classifier':
      return `The classifier ${value} says the licence again beside License-Expression; it may say another one. Keep License-Expression.`;
    case 'bad-license-file':
      return `License-File is ${value}. Write a path within the package, with slashes.`;
    case 'summary-of-several-lines':
      return `Summary has several lines (${value}); one is allowed. Move the rest into the description.`;
    case 'two-descriptions':
      return `The description stands in a header and in the body (${value}); tools show different ones. Keep the body.`;
    case 'bad-import-name':
      return `${value} is no name that can be imported.`;
  }
}
