/**
 * `@ptrm/eval/report`: a run folder or a sweep folder as one page with pictures, and what draws a picture. Loads vega and
 * ml-matrix, nothing else does.
 */
export { colors, share } from './encodings.ts'
export { type Chart, type Drawn, draw, type Picture, type Row } from './picture.ts'
export { type Report, type ReportOptions, type ReportPicture, reportOf, writeReport } from './report.ts'
