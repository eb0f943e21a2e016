export { type Entry, type Format, type FormatName, formats, type Part, type Written } from './formats';
