/** `@ptrm/eval/report`: a run folder or a sweep folder as one page with pictures. Loads vega and ml-matrix, nothing else does. */
export { type Report, type ReportOptions, type ReportPicture, reportOf, writeReport } from './report.ts'
